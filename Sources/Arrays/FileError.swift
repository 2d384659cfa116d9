/// What went wrong with a file that was to be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The output is there already and overwriting was not asked for.
    case outputExists(path: String)
    /// The output cannot be written: no such folder, no permission, a full disk.
    case cannotWrite(path: String, reason: String)
    /// The output is one of the files that are read, which would be lost.
    case outputIsInput(path: String, input: String)
    /// The input cannot be read: no such file, no permission.
    case cannotRead(path: String, reason: String)
    /// The input was read, and is not what it should be.
    case malformed(path: String, reason: String)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .outputExists(let path): "\(Self.name(path)) exists already and is not overwritten; choose another path or pass --force"
        case .outputIsInput(let path, let input):
            "\(Self.name(path)) is an output and \(path == input ? "an input" : "the input \(Self.name(input))"), which would be lost; "
                + "choose another path for the output"
        case .cannotWrite(let path, let reason): "cannot write \(Self.name(path)): \(reason.printable)"
        case .cannotRead(let path, let reason): "cannot read \(Self.name(path)): \(reason.printable)"
        case .malformed(let path, let reason): "\(Self.name(path)): \(reason.printable)"
        }
    }

    /// A path in a sentence, in which an empty one would not be seen.
    private static func name(_ path: String) -> String { path.isEmpty ? "''" : path.printable }
}
