import ArgumentParser
import Arrays
import Compute
import Engines
import Foundation
import Runs
import ScanFiles
import Stores

struct ScanCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Trains every network of a scan file and keeps the results in a store; a scan that was stopped goes on where it was.",
        discussion: """
            The store is an SQLite file that pandas and DuckDB open. A run is stored once, whichever scan, restart or shard it comes from. \
            Ctrl-C finishes the batch that is being computed and stores it; a second one, or a power loss, loses that batch alone. The keys \
            of scan files are in Documentation/ScanFile.md, and --schema prints them. With --json every line of standard output is an object.
            """)

    @Argument(help: ArgumentHelp("The scan file (YAML).", valueName: "file"))
    var path: String?

    @Option(name: .shortAndLong, help: "The store. Default: the scan file's name with .sqlite in the place of its ending.")
    var store: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Replaces a key of the file, such as width=[64,128] or record.spectra=true; may be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp("Share I of N of the scan, I from 0. Default: the task of a Slurm job array, else all.", valueName: "I/N"),
        transform: ShardNumber.init(argument:))
    var shard: ShardNumber?

    @Flag(help: "Say how many runs, batches, memory and how much time the scan takes, which is tried in a few seconds, and stop.")
    var explain = false

    @Flag(help: "Print the keys of scan files as Markdown, and stop.")
    var schema = false

    @Option(
        parsing: .singleValue,
        help: "A device as in other commands, or 'all' of the best kind; may be repeated. Default: INFLATON_DEVICE, else the best.")
    var device: [String] = []

    @Option(help: "float32, mixed (float64 Gram sums) or float64. Default: float32 on a GPU, float64 elsewhere.")
    var precision: Precision?

    @Flag(help: "Let results of other devices, drivers or revisions of the program lie in one store.")
    var mixed = false

    @Option(parsing: .unconditional, help: "Runs of a batch at the most.")
    var batch = 2048

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let path, path.hasSuffix(".sqlite") {
            throw ValidationError("'\(path)' is a store by its name; give the scan file, whose runs go on in --store.")
        }
        if store == "" { throw ValidationError("--store is empty; leave it out for the default.") }
        if device.contains("") { throw ValidationError("--device is empty; name a device (see inflaton doctor), or leave the option out.") }
        guard batch >= 1 else { throw ValidationError("--batch is \(batch), but must be at least 1.") }
        guard schema || path != nil else { throw ValidationError("a scan file is missing; see Documentation/ScanFile.md or --schema.") }
    }

    /// The store that is filled; empty where there is no scan.
    private var storePath: String { store ?? path.map { PathParts.stem(of: $0) + ".sqlite" } ?? "" }

    var usedFiles: CommandFiles { schema ? .init() : .init(reads: [path].compactMap { $0 }, writes: CommandFiles.store(storePath)) }

    func run() throws {
        guard !schema else {
            return try common.json
                ? Console.writeLine(["schema": ScanSchema.markdown]) : Console.writeToStandardOutput(ScanSchema.markdown)
        }
        guard let path else { return }
        let console = common.console
        console.warnOfUnused(["--force"], because: "a scan adds to its store and replaces nothing")
        Interruption.listen()
        let file = try ScanFile(contentsOf: path, overrides: overrides)
        try CommandFiles(reads: file.arrayFiles, writes: usedFiles.writes).check()
        let shard = try shard ?? ShardNumber.ofSlurm(ProcessInfo.processInfo.environment)
        let source: any RunSource = shard.map { Shard(file, index: $0.index, of: $0.count) } ?? file
        threads.limit()
        let choices = try EngineChoice.selectSeveral(device, precision: precision)
        console.attend(choices.map(\.engine))
        for choice in choices { if let note = choice.note { console.warn(note) } }
        let engines = choices.map(\.engine)
        let provenance = Provenance(parameters: parameters(shard), engine: engines[0].description)
        if explain || common.dryRun {
            let known: any Store = FileManager.default.fileExists(atPath: storePath) ? try StoredRuns(storePath) : MemoryStore()
            if FileManager.default.fileExists(atPath: storePath) { try warnOfChanges(file, StoreReader(path: storePath).scans, console) }
            let scheduler = try Scheduler(engines: engines, store: known, planner: Planner(largestBatch: batch))
            let explanation = try refusingWhatDoesNotFit(path) {
                try console.during("trying some of its runs") {
                    let scratch = explain && !common.dryRun ? ScratchStore(provenance, engines.map(\.description)) : nil
                    return try ScanExplanation(file, source, scheduler, tryingIn: scratch)
                }
            }
            return try console.finish(
                "scan", provenance: provenance, outputs: [storePath], dryRun: true, result: explanation,
                text: explanation.text(store: storePath, engines: engines.map(\.description)))
        }
        try refusingWhatDoesNotFit(path) {
            // Before there is a store.
            let candidates = try console.during("planning the scan") { try Planner.candidates(of: source) }
            try compute(file, source, candidates, on: engines, provenance, shard, console)
        }
    }

    /// A file that asks for more than this machine has is refused as bad data, whichever memory it is.
    private func refusingWhatDoesNotFit<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as EngineError {
            guard case .doesNotFit = error else { throw error }
            throw ScanFileError(source: path, problem: "\(error)")
        }
    }

    private func compute(
        _ file: ScanFile, _ source: any RunSource, _ candidates: [Int32], on engines: [any Engine], _ provenance: Provenance,
        _ shard: ShardNumber?, _ console: Console
    ) throws {
        let store = try console.during("reading \(storePath) and comparing checksums") {
            try SQLiteStore(path: storePath, provenance: provenance, engines: engines.map(\.description), mixed: mixed)
        }
        try warnOfChanges(file, store.reader.scans, console)
        let scheduler = try Scheduler(engines: engines, store: store, planner: Planner(largestBatch: batch))
        let device = engines.map(\.description.device).joined(separator: ", ")
        for engine in engines { console.note("engine: \(engine.description)") }
        let display = ScanDisplay(device: device, json: common.json, quiet: common.quiet)
        let name = file.scans.map(\.name).filter { !$0.isEmpty }.joined(separator: ", ")
        let share = shard.map { ScanShard(index: $0.index, count: $0.count) }
        try store.begin(ScanStatus(name: name + (share?.suffix ?? ""), file: file.text, host: provenance.host, shard: share))
        let last = LastProgress()
        do {
            defer { display.finish() }
            let isComplete = try scheduler.execute(
                console.during("planning the scan") { try scheduler.firstRound(source, candidates: candidates, of: "the scan") },
                progress: { progress in
                    last.set(progress)
                    store.note(progress, rate: try display.update(progress))
                    return !Interruption.isPending
                }, proceed: { _ in try Interruption.checkPatience() })
            guard isComplete else { throw Interrupted() }
            try store.end(.finished)
        } catch is Interrupted {
            try store.end(.interrupted)
            throw Interrupted(remedy: last.value.resumption(storePath))
        } catch {
            // What went wrong matters more than that the store cannot say so either.
            try? store.end(.failed)
            if case StoreError.gone = error {} else { console.note(last.value.resumption(storePath)) }
            throw error
        }
        let progress = last.value
        for refusal in progress.refusals.reasons { console.warn("no run for a candidate: \(refusal)") }
        let summary = ScanSummary(store: storePath, stored: store.count, progress)
        if common.json { return try Console.writeLine(summary) }
        try Console.writeToStandardOutput(summary.text)
    }

    /// Says which files hold other numbers than when the store's scans read them.
    private func warnOfChanges(_ file: ScanFile, _ scans: [ScanStatus], _ console: Console) throws {
        for path in file.changedFiles(since: scans.map(\.file)) {
            console.warn(
                "\(path) holds other numbers than when \(storePath) was last filled from it, so its runs are other runs, which are computed beside "
                    + "those that are stored; put the former file back to go on with these, or give another --store")
        }
    }

    private func parameters(_ shard: ShardNumber?) -> [String: String] {
        [
            "scan": path ?? "", "set": overrides.joined(separator: " "), "shard": shard.map(\.description) ?? "0/1", "mixed": "\(mixed)",
            "batch": "\(batch)",
        ].merging(threads.parameters) { $1 }
    }
}
