/// What is wrong with the description of a network, its weights or its training.
public enum NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A name that no registry has.
    case unknown(kind: String, name: String, known: [String])
    /// A value outside of its range.
    case outOfRange(what: String, value: String, limit: String, remedy: String)
    /// Arrays whose shapes do not belong together.
    case shapeMismatch(what: String, found: String, expected: String, remedy: String)
    /// A file of arrays that lacks some, or has others.
    case wrongArrays(path: String, found: String, expected: String, remedy: String)
    /// A result that leaves the numbers of 64 bits, above or below.
    case leavesNumbers(what: String, remedy: String)
    /// A NaN or an infinity where a number is needed.
    case notFinite(what: String, position: String)

    /// One sentence: the value, the limit, the remedy.
    public var description: String {
        switch self {
        case .unknown(let kind, let name, let known):
            "unknown \(kind) '\(name)'; known are \(known.joined(separator: ", "))"
        case .outOfRange(let what, let value, let limit, let remedy):
            "\(what) is \(value), but must be \(limit); \(remedy)"
        case .shapeMismatch(let what, let found, let expected, let remedy):
            "\(what) has shape \(found), expected \(expected); \(remedy)"
        case .wrongArrays(let path, let found, let expected, let remedy):
            "\(path) holds \(found), but expected are \(expected); \(remedy)"
        case .leavesNumbers(let what, let remedy):
            "\(what); \(remedy)"
        case .notFinite(let what, let position):
            "\(what) holds a value that is not finite at \(position); remove or replace it"
        }
    }
}
