import ArgumentParser
import Arrays
import Foundation
import Runs
import ScanFiles

struct SlurmCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "slurm",
        abstract: "Writes a script for Slurm that computes a scan as a job array; edit it as you like, then sbatch it.")

    @Argument(help: ArgumentHelp("The scan file (YAML).", valueName: "file"))
    var path: String

    @Option(parsing: .unconditional, help: "The number of tasks, each with a share of the scan and a store of its own.")
    var shards = 4

    @Option(help: "The folder of the shards' stores. Default: the scan file's name and '-shards'.")
    var folder: String?

    @Option(help: "The store that the script's last comment merges into. Default: the scan file's name with .sqlite.")
    var store: String?

    @Option(parsing: .unconditional, help: "Minutes that a task may take.")
    var minutes = 60

    @Option(parsing: .unconditional, help: "GPUs of a task.")
    var gpus = 0

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Passed on to the scan; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(name: .shortAndLong, help: "The script to write. Default: standard output.")
    var output: String?

    @Flag(help: "Replace a script that exists.")
    var force = false

    @Flag(help: "Print one JSON object on standard output; a script that goes there is its member 'script'.")
    var json = false

    func validate() throws {
        if path.hasSuffix(".sqlite") {
            throw ValidationError("'\(path)' is a store by its name; give the scan file, whose runs go on in --store.")
        }
        let limits = [
            ("--shards", shards, SlurmScript.shardCounts), ("--minutes", minutes, 1...10_000_000), ("--gpus", gpus, 0...100_000),
        ]
        for (name, value, range) in limits where !range.contains(value) {
            throw ValidationError("\(name) is \(value), but must be from \(range.lowerBound) to \(range.upperBound).")
        }
        for (name, value) in [("--folder", folder), ("--store", store)] where value == "" {
            throw ValidationError("\(name) is empty; leave it out for the default.")
        }
        if output == storePath {
            throw ValidationError("--output is \(storePath.printable), where the shards' store is to be; choose another.")
        }
    }

    private var storePath: String { store ?? PathParts.stem(of: path) + ".sqlite" }

    var usedFiles: CommandFiles { .init(reads: [path], writes: CommandFiles.store(storePath) + [output].compactMap { $0 }) }

    func run() throws {
        // A script that would fail in every task is worth nothing.
        let file = try ScanFile(contentsOf: path, overrides: overrides)
        try CommandFiles(reads: file.arrayFiles, writes: usedFiles.writes).check()
        let script = try SlurmScript(
            program: Self.program, scanFile: path, shards: shards, folder: folder ?? PathParts.stem(of: path) + "-shards", store: storePath,
            options: overrides.flatMap { ["--set", $0] } + ["--quiet"], minutes: minutes, gpus: gpus)
        guard let output else {
            return try json ? Console.writeJSON(["script": script.text]) : Console.writeToStandardOutput(script.text)
        }
        try AtomicFile.write(script.text, to: output, overwrite: force)
        if json { return try Console.writeJSON(["output": output]) }
        try Console.writeToStandardOutput("wrote \(output); submit it with: sbatch \(SlurmScript.quotedPath(output))\n")
    }

    /// As it was called; a relative path would mean another program in another folder.
    private static var program: String {
        let name = CommandLine.arguments[0]
        return name.contains("/") ? URL(filePath: name).standardizedFileURL.path(percentEncoded: false) : name
    }
}
