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
    /// Paths that are read.
    var reads: [String] = []
    /// Paths that may be written, whether or not there is a file.
    var writes: [String] = []

    /// Refuses to write what is read, also by way of standard output.
    /// - Throws: `FileError.outputIsInput`.
    func check() throws(FileError) {
        let inputs = InputFiles(reads)
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
