/// A number as people write it: a decimal, or an expression without names such as `1/9` or `2*sqrt(3)`.
package enum ConstantNumber {
    /// A text that is no number; says why.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// The number that a text stands for; of a decimal also what is beyond all numbers.
    /// - Throws: `Failure` for a text that is no expression, names anything but `pi`, or has no finite value.
    package static func value(_ text: some StringProtocol) throws(Failure) -> Double {
        if let number = Double(text) { return number }
        let expression: Expression
        do { expression = try Expression(String(text)) } catch { throw Failure(description: "\(error)") }
        if let name = expression.variables.first {
            throw Failure(description: "'\(name)' is no number; write one such as 0.1, 1/9 or 2*sqrt(3)")
        }
        do { try expression.requireNumber { _ in .number } } catch { throw Failure(description: "\(error)") }
        let value = expression.value { _ in .nan }
        guard value.isFinite else { throw Failure(description: "its value is \(value), but must be finite") }
        return value
    }
}
