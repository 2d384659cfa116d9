/// What went wrong with a file that was to be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The output is there already and overwriting was not asked for.
    case outputExists(path: String)
    /// The output cannot be written: no such folder, no permission, a full disk.
    case cannotWrite(path: String, reason: String)
    /// The input cannot be read: no such file, no permission.
    case cannotRead(path: String, reason: String)
    /// The input was read, and is not what it should be.
    case malformed(path: String, reason: String)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .outputExists(let path): "\(path) exists already and is not overwritten; choose another path or pass --force"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .malformed(let path, let reason): "\(path): \(reason)"
        }
    }
}
