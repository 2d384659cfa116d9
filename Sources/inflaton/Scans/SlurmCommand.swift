import ArgumentParser
import Arrays
import Foundation
import Scans

/// `inflaton slurm`.
struct SlurmCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "slurm",
        abstract: "Writes a script for Slurm that computes a scan as a job array; edit it as you like, then sbatch it.")

    @Argument(help: ArgumentHelp("The scan file (YAML).", valueName: "file"))
    var path: String

    @Option(help: "The number of tasks, each with a share of the scan and a store of its own.")
    var shards = 4

    @Option(help: "The folder of the shards' stores. Default: the scan file's name and '-shards'.")
    var folder: String?

    @Option(help: "The store that the script's last comment merges into. Default: the scan file's name with .sqlite.")
    var store: String?

    @Option(help: "Minutes that a task may take.")
    var minutes = 60

    @Option(help: "GPUs of a task.")
    var gpus = 0

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Passed on to the scan; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(name: .shortAndLong, help: "The script to write. Default: standard output.")
    var output: String?

    @Flag(help: "Replace a script that exists.")
    var force = false

    func validate() throws {
        for (name, value, limit) in [("--shards", shards, 1), ("--minutes", minutes, 1), ("--gpus", gpus, 0)] where value < limit {
            throw ValidationError("\(name) is \(value), but must be at least \(limit).")
        }
    }

    private var storePath: String { store ?? PathParts.stem(of: path) + ".sqlite" }

    var usedFiles: CommandFiles { .init(reads: [path], writes: CommandFiles.store(storePath) + [output].compactMap { $0 }) }

    func run() throws {
        // A script that would fail in every task is worth nothing.
        let file = try ScanFile(contentsOf: path, overrides: overrides)
        try CommandFiles(reads: file.arrayFiles, writes: usedFiles.writes).check()
        let script = SlurmScript(
            program: Self.program, scanFile: path, shards: shards, folder: folder ?? PathParts.stem(of: path) + "-shards", store: storePath,
            options: overrides.flatMap { ["--set", $0] } + ["--quiet"], minutes: minutes, gpus: gpus)
        guard let output else { return try Console.writeToStandardOutput(script.text) }
        try AtomicFile.write(script.text, to: output, overwrite: force)
        try Console.writeToStandardOutput("wrote \(output); submit it with: sbatch \(SlurmScript.quoted(output))\n")
    }

    /// As it was called; a relative path would mean another program in another folder.
    private static var program: String {
        let name = CommandLine.arguments[0]
        return name.contains("/") ? URL(filePath: name).standardizedFileURL.path(percentEncoded: false) : name
    }
}
