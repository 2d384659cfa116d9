import Arrays
import Foundation

extension OutputFolder {
    /// Makes the folder and has files written into it. Where that fails, files and folder that were not there before are gone again: a part of
    /// an output would be taken for all of it, and stand in the way of the next attempt.
    /// - Parameter names: of the files that may be written.
    /// - Throws: `FileError.cannotWrite`, and what `body` throws.
    func fill<Value>(_ names: [String], _ body: () throws -> Value) throws -> Value {
        let isNew = access(path, F_OK) != 0, absent = names.filter { access(file($0), F_OK) != 0 }
        try create()
        do { return try body() } catch {
            for name in absent { unlink(file(name)) }
            // Of a folder that holds something else nothing is taken.
            if isNew { rmdir(path) }
            throw error
        }
    }
}
