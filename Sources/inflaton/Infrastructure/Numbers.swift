import ArgumentParser
import Expressions

/// Numbers of the command line: decimals, or expressions in the language of scan files, such as `1/9` or `2*sqrt(3)`.
enum Numbers {
    typealias Failure = ConstantNumber.Failure

    /// The number that a text stands for.
    /// - Throws: as `ConstantNumber.value`.
    static func value(_ text: some StringProtocol) throws(Failure) -> Double { try ConstantNumber.value(text) }

    /// The number of a text, if it is one.
    static func optional(_ text: some StringProtocol) -> Double? { try? value(text) }

    /// The whole number that a text stands for.
    /// - Throws: as ``value(_:)``; `Failure` for what is not whole or cannot be counted.
    static func integer(_ text: String) throws -> Int {
        if let number = Int(text) { return number }
        let value = try value(text)
        guard let whole = Int(exactly: value) else { throw Failure(description: "its value is \(value), but must be a whole number") }
        return whole
    }

    /// Numbers between separators; nil where one is none.
    static func list(_ text: String, separator: Character = ",") -> [Double]? {
        let numbers = text.split(separator: separator, omittingEmptySubsequences: false).map { optional($0.trimmingPrefix(" ")) }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }

    /// Two numbers with a comma between them.
    /// - Throws: `Failure` with what the two are.
    static func pair(_ text: String, _ meaning: String) throws -> (Double, Double) {
        guard let numbers = list(text), numbers.count == 2 else { throw Failure(description: meaning) }
        return (numbers[0], numbers[1])
    }
}

/// A number of the command line. All options that take one are read by the initialisers below, which are more special than the parser's own.
protocol CommandLineNumber: ExpressibleByArgument {
    /// - Throws: `Numbers.Failure`.
    static func read(_ text: String) throws -> Self
}

extension Double: CommandLineNumber {
    static func read(_ text: String) throws -> Double { try Numbers.value(text) }
}

extension Int: CommandLineNumber {
    static func read(_ text: String) throws -> Int { try Numbers.integer(text) }
}

extension UInt64: CommandLineNumber {
    static func read(_ text: String) throws -> UInt64 {
        guard let number = UInt64(text) else {
            throw Numbers.Failure(description: "it must be a whole number from 0 to \(UInt64.max)")
        }
        return number
    }
}

extension Option where Value: CommandLineNumber {
    init(
        wrappedValue: Value, name: NameSpecification = .long, parsing strategy: SingleValueParsingStrategy = .next,
        help: ArgumentHelp? = nil, completion: CompletionKind? = nil
    ) {
        self.init(
            wrappedValue: wrappedValue, name: name, parsing: strategy, help: help?.with(standard: "\(wrappedValue)"),
            completion: completion, transform: { try Value.read($0) })
    }
}

extension Option {
    init<Number: CommandLineNumber>(
        name: NameSpecification = .long, parsing strategy: SingleValueParsingStrategy = .next, help: ArgumentHelp? = nil,
        completion: CompletionKind? = nil
    ) where Value == Number? {
        self.init(
            name: name, parsing: strategy, help: help, completion: completion, transform: { text -> Number in try Number.read(text) })
    }
}

extension ArgumentHelp {
    /// With the default, which the parser shows of its own conversions only.
    fileprivate func with(standard: String) -> ArgumentHelp {
        var help = self
        help.abstract += " (default: \(standard))"
        return help
    }
}
