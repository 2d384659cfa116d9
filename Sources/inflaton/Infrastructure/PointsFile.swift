import Arrays
import Networks

extension Inputs {
    /// The points of an .npy file, whose name is in every error.
    /// - Parameters:
    ///   - path: the file.
    ///   - check: told the array's shape before it is read.
    /// - Throws: `FileError`, and what `check` throws.
    init(path: String, check: ([Int]) throws -> Void = { _ in }) throws {
        let array = try NumericArray(contentsOfNPY: path, accepting: check)
        do { self = try Inputs(array) } catch { throw FileError.malformed(path: path, reason: "\(error)") }
    }
}
