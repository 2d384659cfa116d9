import Engines
import Scans

/// What a scan would take.
struct ScanExplanation: Encodable {
    let scans: [String]
    let candidates: Int
    let runs: Int
    let stored: Int
    let excluded: Int
    let refused: Int
    let refusals: [String]
    /// Candidates that are decided, or named, by what the first round measures.
    let undecided: Int
    let shapes: Int
    let deviceBatches: Int
    let deviceBytes: Int
    let seconds: Double?
    let shapesTried: Int

    init(_ file: ScanFile, _ source: any RunSource, _ scheduler: Scheduler, timed: Bool) throws {
        let plan = try scheduler.plan(source)
        let memory = try plan.memory(on: scheduler.engines[0], of: source, known: scheduler.result(for:))
        scans = file.scans.map { scan in
            let axes = scan.axes.filter { $0.count > 1 }.map { "\($0.names.joined(separator: "+")) \($0.count)" }.joined(separator: " × ")
            return "\(scan.name.isEmpty ? "unnamed" : scan.name): \(scan.count) candidates\(axes.isEmpty ? "" : ", \(axes)")"
        }
        candidates = source.count
        runs = plan.runs
        stored = plan.stored
        excluded = plan.excluded
        refused = plan.refusals.count
        refusals = plan.refusals.reasons
        undecided = plan.undecided
        shapes = plan.shapes
        deviceBatches = zip(plan.sizes, memory).reduce(0) { $0 + ($1.0 + $1.1.membersPerBatch - 1) / $1.1.membersPerBatch }
        deviceBytes = memory.map(\.bytesPerBatch).max() ?? 0
        let calibration =
            timed && plan.missing > 0
            ? try Calibration(plan, of: source, on: scheduler.engines[0], known: scheduler.result(for:)) : nil
        seconds = calibration.map { $0.seconds / Double(scheduler.engines.count) }
        shapesTried = calibration?.sampled ?? 0
    }

    func text(store: String, engines: [EngineDescription]) -> String {
        var listing = Listing()
        for scan in scans { listing.add("scan", scan) }
        listing.add("runs", "\(runs) different" + (stored > 0 ? ", \(stored) of them stored already" : ""))
        if excluded > 0 { listing.add("left out", "\(excluded) candidates by filters") }
        if refused > 0 { listing.add("refused", "\(refused) candidates that make no run, such as: \(refusals[0])") }
        if undecided > 0 {
            listing.add("undecided", "\(undecided) candidates wait for what these runs measure; their own runs are not counted here")
        }
        listing.add("batches", "\(deviceBatches) of \(shapes) shapes")
        listing.add("memory", "\(NumberText.bytes(deviceBytes)) of the device at most")
        if let seconds { listing.add("time", "about \(NumberText.duration(seconds)), from \(shapesTried) of the shapes") }
        for engine in engines { listing.add("engine", engine.description) }
        listing.add("store", store)
        return listing.text
    }
}
