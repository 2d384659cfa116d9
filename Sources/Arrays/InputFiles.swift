import Foundation

/// The files that a command reads. None may be replaced by what it writes, `--force` or not: what is lost may exist nowhere else.
public struct InputFiles: Sendable {
    private let files: [(path: String, identity: Identity)]

    /// The files at those paths, as far as they exist.
    public init(_ paths: [String]) {
        files = paths.compactMap { path in Identity(path).map { (path, $0) } }
    }

    /// Refuses an output that is one of the files, under whichever name: another spelling, a symbolic link, a hard link, or
    /// something in `/dev/fd`.
    /// - Parameter outputs: paths that may be written; those where nothing is yet cannot be an input.
    /// - Throws: `FileError.outputIsInput` for the first.
    public func refuse(_ outputs: [String]) throws(FileError) {
        for output in outputs {
            guard let identity = Identity(output), let input = files.first(where: { $0.identity == identity }) else { continue }
            throw .outputIsInput(path: output, input: input.path)
        }
    }

    /// As `refuse`, for an open file such as standard output that a shell appends to a file. What is no regular file, such as a
    /// terminal, holds nothing that could be lost.
    public func refuse(descriptor: Int32, named name: String) throws(FileError) {
        guard let identity = Identity(descriptor), let input = files.first(where: { $0.identity == identity }) else { return }
        throw .outputIsInput(path: name, input: input.path)
    }

    /// What two names of one file share.
    private struct Identity: Equatable {
        let device: UInt64
        let node: UInt64

        init?(_ path: String) {
            var information = stat()
            guard !path.isEmpty, stat(path, &information) == 0 else { return nil }
            self.init(information)
        }

        init?(_ descriptor: Int32) {
            var information = stat()
            guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
            self.init(information)
        }

        private init(_ information: stat) {
            device = UInt64(truncatingIfNeeded: information.st_dev)
            node = UInt64(truncatingIfNeeded: information.st_ino)
        }
    }
}
