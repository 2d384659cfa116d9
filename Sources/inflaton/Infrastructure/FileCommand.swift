import ArgumentParser
import Arrays
import Engines
import Foundation

/// A subcommand, which has to say what it reads and writes, so that none can forget to keep its inputs.
protocol FileCommand: ParsableCommand {
    /// The files that the command line names.
    var usedFiles: CommandFiles { get }
}

/// What a command reads and what it may write.
struct CommandFiles {
    /// Stores that are read.
    var stores: [String] = []
    /// Other paths that are read.
    var reads: [String] = []
    /// Paths that may be written, whether or not there is a file.
    var writes: [String] = []

    /// Refuses stores that are not there, before one that is written to is made for them, and to write what is read, also by way of
    /// standard output.
    /// - Throws: `FileError.cannotRead`, `FileError.outputIsInput`.
    func check() throws(FileError) {
        for store in stores where access(store, F_OK) != 0 {
            throw .cannotRead(path: store, reason: "\(String(cString: strerror(errno))); give the file of a scan")
        }
        let inputs = InputFiles(stores + reads)
        try inputs.refuse(writes)
        do {
            try inputs.refuse(descriptor: STDOUT_FILENO, named: "standard output")
        } catch {
            // What is said from now on, such as the object of --json, must not go there either.
            StandardStreams.silence(STDOUT_FILENO)
            throw error
        }
    }

    /// An SQLite store, with the files that SQLite makes beside it.
    static func store(_ path: String) -> [String] { ["", "-journal", "-wal", "-shm"].map { path + $0 } }

    /// A table and the file with its provenance.
    static func table(_ path: String) -> [String] { [path, Provenance.path(besides: path)] }
}
