import Arrays
import Compute
import Engines
import Foundation
import Runs
import ScanFiles

/// What a scan would take.
struct ScanExplanation: Encodable {
    let scans: [String]
    let candidates: Int
    /// Candidates that were looked at, which all that follows is counted on: all of them, or some that are evenly spread.
    let examined: Int
    let runs: Int
    let stored: Int
    /// Candidates that are others of those runs once more.
    let repeats: Int
    let excluded: Int
    let refused: Int
    let refusals: [String]
    /// Candidates that are decided, or named, by what the first round measures.
    let undecided: Int
    let shapes: Int
    let deviceBatches: Int
    let deviceBytes: Int
    /// What the whole scan takes of the host's memory, and what there is.
    let host: HostMemoryPlan
    let hostAvailableBytes: Int
    let seconds: Double?
    let shapesTried: Int

    /// - Parameter scratch: where runs that are tried are stored; nil to try none.
    init(_ file: ScanFile, _ source: any RunSource, _ scheduler: Scheduler, tryingIn scratch: ScratchStore?) throws {
        // What it takes to find the devices and read the file is taken by the scan as well.
        let secondsOfStarting = Double(clock()) / Double(CLOCKS_PER_SEC)
        let survey = try ScanSurvey(source, scheduler), plan = survey.plan
        host = survey.hostMemory
        hostAvailableBytes = HostMemory.availableBytes
        // What does not fit with a single run is refused; too many candidates can be shared out.
        if survey.isComplete { try host.require(for: "the scan") }
        let memory = try plan.memory(on: scheduler.engines[0], of: source, known: scheduler.result(for:))
        scans = file.scans.map { scan in
            let axes = scan.axes.filter { $0.count > 1 }.map { "\($0.names.joined(separator: "+")) \($0.count)" }.joined(separator: " × ")
            let name = scan.name.isEmpty ? "unnamed" : Excerpt.of(scan.name)
            return "\(name): \(scan.count.number(of: "candidate"))\(axes.isEmpty ? "" : ", \(axes)")"
        }
        candidates = source.count
        examined = survey.examined
        runs = plan.runs
        stored = plan.stored
        repeats = plan.repeats
        excluded = plan.excluded
        refused = plan.refusals.count
        refusals = plan.refusals.reasons
        undecided = plan.undecided
        shapes = plan.shapes
        deviceBatches = zip(plan.sizes, memory).reduce(0) { $0 + ($1.0 + $1.1.membersPerBatch - 1) / $1.1.membersPerBatch }
        deviceBytes = memory.map(\.bytesPerBatch).max() ?? 0
        isTimed = scratch != nil && (plan.missing > 0 || plan.undecided > 0)
        var forecast: ScanForecast?
        if let scratch, isTimed {
            forecast = try ScanForecast(survey, of: source, scheduler, storing: scratch.store) { try Interruption.check() }
        }
        seconds = forecast.map { $0.seconds / Double(scheduler.engines.count) + secondsOfStarting }
        shapesTried = forecast?.sampled ?? 0
    }

    private let isTimed: Bool
    private var isComplete: Bool { examined == candidates }

    private enum CodingKeys: String, CodingKey {
        case scans, candidates, examined, runs, stored, repeats, excluded, refused, refusals, undecided, shapes, deviceBatches, deviceBytes,
            host
        case hostAvailableBytes, seconds, shapesTried
    }

    func text(store: String, engines: [EngineDescription]) -> String {
        var listing = Listing()
        for scan in scans { listing.add("scan", scan) }
        if !isComplete {
            listing.add(
                "counted", "on \(examined) of \(candidates) candidates, evenly spread, as all would take long; the lines below are of these"
            )
        }
        listing.add("runs", "\(runs) different" + (stored > 0 ? ", \(stored) of them stored already" : ""))
        if repeats > 0 {
            listing.add(
                "repeats", "\(repeats.number(of: "candidate")) \(repeats == 1 ? "is another" : "are others") of these runs once more")
        }
        if excluded > 0 { listing.add("left out", "\(excluded.number(of: "candidate")) by filters") }
        if refused > 0 {
            listing.add(
                "refused", "\(refused.number(of: "candidate")) that \(refused == 1 ? "makes" : "make") no run, such as: \(refusals[0])")
        }
        if undecided > 0 {
            listing.add(
                "undecided",
                "\(undecided) candidates wait for what these runs measure; their own runs are not counted here, but in the time")
        }
        listing.add("batches", "\(deviceBatches), of networks of \(shapes) \(shapes == 1 ? "shape" : "different shapes")")
        listing.add("memory", "\(NumberText.bytes(deviceBytes)) of the device at most")
        listing.add("", hostText)
        if let seconds {
            listing.add(
                "time", "about \(NumberText.duration(seconds))\(isComplete ? "" : " for all candidates"), from \(shapesTried) of the shapes"
            )
        } else if isTimed {
            listing.add("time", "long; no shape is small enough to be tried in a few seconds")
        }
        for engine in engines { listing.add("engine", engine.description) }
        listing.add("store", store)
        return listing.text
    }

    private var hostText: String {
        let shown = host.parts.prefix(2), rest = shown.reduce(host.bytes) { $0 - min($0, $1.bytes) }
        let parts =
            shown.map { "\(NumberText.bytes($0.bytes)) for \($0.what)" }.joined(separator: ", ")
            + (shown.isEmpty || rest == 0 ? "" : ", \(NumberText.bytes(rest)) for the rest")
        let size = "\(NumberText.bytes(host.bytes)) of the host at most\(parts.isEmpty ? "" : ": \(parts)")"
        guard host.bytes > hostAvailableBytes, let largest = host.parts.first else { return size }
        return "\(size); \(NumberText.bytes(hostAvailableBytes)) are available, so the scan is refused: \(largest.remedy)"
    }
}
