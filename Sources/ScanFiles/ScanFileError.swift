import Arrays
import Runs

/// What is wrong with a scan file, and where.
public struct ScanFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, or how else the text came in; empty if it has no name.
    public let source: String
    /// The line, from 1; nil where it is the file as a whole, or a key set elsewhere.
    public let line: Int?
    public let key: String?
    /// One sentence: the value, the limit, the remedy.
    public let problem: String

    /// An error of a file, by default of the file as a whole.
    public init(source: String, line: Int? = nil, key: String? = nil, problem: String) {
        self.source = source
        self.line = line
        self.key = key
        self.problem = problem
    }

    /// Whether it is a key set from outside of the file.
    public var isOfOverride: Bool { source.hasPrefix(ScanPlace.overridePrefix) }

    /// The sentence, behind file and line as compilers write them.
    public var description: String {
        let name = Excerpt.of(source, longest: isOfOverride ? Excerpt.longest : Self.longest)
        let place = [name, line.map { "\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ":")
        return place.isEmpty ? problem : "\(place): \(problem)"
    }

    /// Characters of a sentence at the most: what a file holds is quoted in excerpts, and this is for what other rooms quote of it.
    static let longest = 1000
}

/// Where something was written: a line of the file, or an override.
struct ScanPlace: Sendable, Equatable {
    let source: String
    let line: Int?

    /// What the source of an override begins with.
    static let overridePrefix = "--set "

    func error(_ key: String?, _ problem: String) -> ScanFileError {
        ScanFileError(
            source: source, line: line, key: key.map { Excerpt.of($0) }, problem: Excerpt.of(problem, longest: ScanFileError.longest))
    }
}

/// Why one candidate of a scan is no run. It does not stop the others.
enum ScanRefusal: Error, Sendable {
    /// A value is impossible; the sentence names key, value, limit and remedy.
    case impossible(key: String, String)
    /// The network has to be evaluated before the candidate is known.
    case unmeasured
    /// It takes more memory than this machine has, which stops the others too: elsewhere it would be computed.
    case doesNotFit(key: String, String)

    static func outOfRange(_ key: String, _ value: String, _ limit: String, _ remedy: String) -> ScanRefusal {
        .impossible(key: key, "\(key) is \(value), but must be \(limit); \(remedy)")
    }
}

extension Double {
    /// The shortest decimal; whole numbers without a point.
    var scanText: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
