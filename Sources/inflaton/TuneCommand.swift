import ArgumentParser
import Checks
import Compute
import Engines
import OpenCL

struct TuneCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Searches the kernels' parameters that are fastest on your device, and remembers them.",
        discussion: """
            Only variants whose results pass the check of accuracy are timed, and one replaces the portable parameters only if it is \
            faster by more than the noise. What is found lies in the cache directory, for one device, driver and precision, and is used \
            from then on unless the variable INFLATON_TUNING is 'portable'. Sums then have another order, so results differ within \
            rounding, and a scan counts the tuned device as another one. Ctrl-C keeps the kernels that are done.
            """)

    @Option(
        name: .customLong("kernel"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Kernels to tune: \(KernelFamilies.tunables.map(\.name).joined(separator: ", ")). Default: all.", valueName: "name"))
    var kernels: [TunableKernel] = []

    @Option(parsing: .unconditional, help: "Seconds for each kernel, the compilation of its variants included.")
    var seconds = 60.0

    @Flag(help: "Say what is remembered for the device and precision, and do nothing else.")
    var show = false

    @Flag(help: "Remove what is remembered for the device and precision, and do nothing else.")
    var forget = false

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard seconds >= 0.1, seconds <= 86_400 else {
            throw ValidationError("--seconds is \(seconds), but must be from 0.1 to 86400.")
        }
        if show, forget { throw ValidationError("--show and --forget exclude each other.") }
        if show || forget, !kernels.isEmpty {
            throw ValidationError("--kernel goes with a search only: --show and --forget are about all kernels.")
        }
    }

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        let console = common.console
        Interruption.listen()
        if show || forget { console.warnOfUnused(["--seconds"], because: "nothing is searched for") }
        console.warnOfUnused(["--force"], because: "what is remembered is replaced in any case")
        let engine = try KernelBenchmark(device.engine(console)).engine
        let store = TuningStore(
            directory: engine.context.directory ?? ProgramCache().directory, device: engine.context.device,
            precision: engine.description.precision, kernels: KernelFamilies.tunables)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        if show { return try showStored(store, engine, provenance, console) }
        if forget { return try forgetStored(store, provenance, console) }
        // A cache of its own would be filled with variants that are never used again.
        let tuner = KernelTuner(
            KernelFamilies.all, context: try Context(device: engine.context.device, cache: nil), precision: engine.description.precision)
        let chosen = KernelFamilies.tunables.filter { kernels.isEmpty || kernels.contains($0) }
        guard !common.dryRun else {
            return try console.finish(
                "tune", provenance: provenance, outputs: [store.path], dryRun: true,
                result: TuneSummary(path: store.path, kernels: [], digest: engine.tuningState.digest), text: plan(chosen, tuner, store))
        }
        let outcomes = try search(chosen, tuner, store, console)
        let written = outcomes.contains { $0.isRemembered }
        let digest = try OpenCLEngine(context: engine.context, precision: engine.description.precision, tuning: store.load().table)
            .tuningState.digest
        let summary = TuneSummary(path: store.path, kernels: outcomes, digest: digest)
        try console.finish(
            "tune", provenance: provenance, outputs: written ? [store.path] : [], result: summary, text: summary.text(written: written))
        if outcomes.contains(where: { $0.verdict == .failed }) { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// Searches kernel after kernel; each is remembered as soon as it is done.
    private func search(
        _ chosen: [TunableKernel], _ tuner: KernelTuner, _ store: TuningStore, _ console: Console
    ) throws -> [TuningOutcome] {
        let stored = store.load()
        return try chosen.map { kernel in
            let display = console.progress("tuning \(kernel.name)", of: 1, unit: "variants")
            let outcome: TuningOutcome
            do {
                defer { display.finish() }
                outcome = try tuner.tune(
                    kernel, seconds: seconds, from: stored.entries[kernel]?.parameters, proceed: Interruption.check,
                    progress: { display.update($0, of: $1) })
            }
            if outcome.isRemembered {
                let found = outcome.verdict == .tuned ? outcome.found : [:]
                try store.save(.init(kernel, parameters: found, ratio: outcome.ratio, version: Version.current), for: kernel)
            }
            for exclusion in outcome.excluded {
                console.warn("\(kernel.name) with \(parameterText(exclusion.parameters)) was left out: \(exclusion.reason)")
            }
            console.note("\(kernel.name), \(NumberText.duration(outcome.seconds)): \(outcome.verdictText)")
            return outcome
        }
    }

    private func plan(_ chosen: [TunableKernel], _ tuner: KernelTuner, _ store: TuningStore) -> String {
        let rows = chosen.map { kernel in
            let axes = tuner.axes(of: kernel), variants = axes.reduce(1) { $0 + $1.values.count - 1 }
            let text = axes.map { "\($0.name) \($0.values.map(String.init).joined(separator: "|"))" }.joined(separator: ", ")
            return [kernel.name, axes.isEmpty ? "not used by this device" : text, axes.isEmpty ? "" : "\(variants)"]
        }
        return TextTable.text([["kernel", "parameters", "variants"]] + rows, leftColumns: 2)
            + "would search for at most \(NumberText.duration(seconds * Double(chosen.count))) and write \(store.path)"
    }

    private func showStored(_ store: TuningStore, _ engine: OpenCLEngine, _ provenance: Provenance, _ console: Console) throws {
        let contents = store.load()
        // Where the variable keeps the table out, the engine has not read it.
        for warning in contents.warnings where !engine.tuningState.warnings.contains(warning) { console.warn(warning) }
        let summary = StoredSummary(store, contents, engine.tuningState)
        try console.finish("tune", provenance: provenance, result: summary, text: summary.text)
    }

    private func forgetStored(_ store: TuningStore, _ provenance: Provenance, _ console: Console) throws {
        let isThere = common.dryRun ? nil : try store.forget()
        let text = isThere.map { $0 ? "removed \(store.path)" : "there was no \(store.path)" } ?? "would remove \(store.path)"
        try console.finish(
            "tune", provenance: provenance, outputs: common.dryRun ? [store.path] : [], dryRun: common.dryRun,
            result: ["path": store.path], text: text)
    }

    private var parameters: [String: String] {
        [
            "kernels": kernels.map(\.name).joined(separator: " "), "seconds": "\(seconds)", "show": "\(show)", "forget": "\(forget)",
        ].merging(device.parameters) { $1 }
    }
}

extension TunableKernel: ExpressibleByArgument {
    /// The kernel of that name.
    public init?(argument: String) {
        guard let kernel = KernelFamilies.tunables.first(where: { $0.name == argument }) else { return nil }
        self = kernel
    }

    /// The names.
    public static var allValueStrings: [String] { KernelFamilies.tunables.map(\.name) }
}

extension TuningOutcome {
    /// Whether it says something that the next run should know.
    fileprivate var isRemembered: Bool { verdict == .tuned || verdict == .portable }

    fileprivate var verdictText: String {
        let variants = "\(timed) variants timed\(isComplete ? "" : ", more were left")"
        switch verdict {
        case .tuned: return "\(parameterText(changes)), \(NumberText.rounded(ratio)) of the portable time (\(variants))"
        case .portable: return "the portable parameters (\(variants))"
        case .undecided: return "undecided, since the time is too short; give more --seconds"
        case .unused, .failed: return "\(verdict.rawValue): \(message ?? "")"
        }
    }
}

/// `name value` of each, by name.
private func parameterText(_ values: [String: Int]) -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
}

/// What a search says.
private struct TuneSummary: Encodable {
    let path: String
    let kernels: [TuningOutcome]
    let digest: String?

    func text(written: Bool) -> String {
        let rows = kernels.map { outcome in
            let old = outcome.portable.filter { outcome.changes[$0.key] != nil }
            return [
                outcome.kernel.name, parameterText(old),
                outcome.changes.isEmpty ? outcome.verdict.rawValue : parameterText(outcome.changes),
                outcome.changes.isEmpty ? "" : NumberText.rounded(outcome.ratio), "\(outcome.timed)",
            ]
        }
        let table = TextTable.text([["kernel", "portable", "found", "ratio", "variants"]] + rows, leftColumns: 3)
        guard written else { return table + "nothing was written" }
        return table + "wrote \(path)"
            + (digest.map { "; engines are now 'tuned \($0)', unless INFLATON_TUNING is 'portable'" } ?? "; the portable parameters stay")
    }
}

/// What `--show` says.
private struct StoredSummary: Encodable {
    let path: String
    let inUse: String
    let digest: String?
    let kernels: [String: TuningStore.Entry]
    let stale: [TunableKernel]

    init(_ store: TuningStore, _ contents: TuningStore.Contents, _ state: TuningState) {
        path = store.path
        inUse = "\(state)"
        digest = state.digest
        kernels = Dictionary(uniqueKeysWithValues: contents.entries.map { ($0.key.name, $0.value) })
        stale = contents.stale
    }

    var text: String {
        var listing = Listing()
        listing.add("in use", inUse)
        listing.add("file", path)
        guard !kernels.isEmpty || !stale.isEmpty else { return listing.text + "nothing is remembered; run inflaton tune" }
        let rows = kernels.sorted { $0.key < $1.key }.map { name, entry in
            [
                name, entry.parameters.isEmpty ? "portable" : parameterText(entry.parameters),
                entry.ratio.map { NumberText.rounded($0) } ?? "", entry.date ?? "",
            ]
        }
        let old = stale.map { [$0.name, "stale: the kernel's sources have changed since; run inflaton tune", "", ""] }
        return listing.text + "\n" + TextTable.text([["kernel", "parameters", "ratio", "date"]] + rows + old, leftColumns: 2)
    }
}
