import Duality
import Engines
import Learning
import Networks
import Runs

/// A grid of runs that a document of a scan file describes. Candidates are made when they are asked for: their number costs no memory.
public struct Scan: RunSource {
    /// A name for people; empty if none was given.
    public let name: String
    /// What it is for; empty if that was not said.
    public let details: String
    /// The axes in order, the seeds last; the last varies fastest.
    public let axes: [Axis]
    /// The number of candidates: the product of the axes.
    public let count: Int
    /// What is kept of each run.
    public let recording: Recording
    /// How tangent kernels are computed; nil for none.
    public let tangentKernel: TangentKernelMethod?

    /// Keys that vary together.
    public struct Axis: Sendable, Equatable {
        /// The keys, in the order of the file.
        public let names: [String]
        /// How many values each of them has.
        public let count: Int
    }

    /// Keys whose values are equally spaced in their logarithm (`spacing: log`), or drawn so (`logUniform`).
    public var logarithmicKeys: Set<String> { Set(grid.slots.filter(\.isLogarithmic).map(\.name)) }

    private let grid: ScanGrid
    private let replicas: Int
    /// Filters on parameters alone, which need no run, and the others.
    private let early: [ScanFormula]
    private let late: [ScanFormula]
    private let inputs: ScanTable<Inputs>?
    private let architectures: ScanTable<Architecture>?
    private let losses: ScanTable<Loss>?
    private let schedules: ScanTable<ScanSchedule>?
    private let mayBeTrained: Bool
    /// Whether expressions name quantities, for which networks and runs are kept while a candidate is made.
    private let asksOfRuns: Bool
    /// Where keys were given, for errors that show only when candidates are made.
    private let places: [String: ScanPlace]

    init(
        name: String, details: String, grid: ScanGrid, early: [ScanFormula], late: [ScanFormula], recording: Recording,
        tangentKernel: TangentKernelMethod?, count: Int, places: [String: ScanPlace]
    ) throws {
        self.name = name
        self.details = details
        self.grid = grid
        self.early = early
        self.late = late
        self.recording = recording
        self.tangentKernel = tangentKernel
        self.count = count
        self.places = places
        replicas = grid.seeds.count
        axes = grid.axes.map { Axis(names: $0.names, count: $0.count) } + [Axis(names: ["seed"], count: replicas)]
        asksOfRuns =
            !late.isEmpty || ScanEvaluation.measuresForRules(grid)
            || grid.slots.contains { slot in
                slot.formulas.contains { formula in formula.references.contains { if case .quantity = $0 { true } else { false } } }
            }
        mayBeTrained = ScanParameter.allOfTraining.contains { !grid.slots[$0.slot].isAbsent }
        let ofArchitecture: [ScanParameter] = [.activation, .depth, .width, .widths, .outputs, .bias, .parameterisation, .inputs, .weights]
        inputs = try ScanTable(
            grid, [.inputs, .weights],
            bytes: {
                let shape = $0.shapeOfInputs()
                return 8 * shape.points * shape.dimension
            }
        ) { try $0.inputs() }
        architectures = try ScanTable(
            grid, ofArchitecture, bytes: { evaluation in 16 * ((try? evaluation.integer(.depth)) ?? 0) + 256 }
        ) { try $0.architecture(dimension: $0.shapeOfInputs().dimension) }
        losses =
            mayBeTrained
            ? try ScanTable(grid, [.loss, .degree, .scale, .minimum, .targets, .outputs, .inputs, .weights], bytes: { _ in 256 }) {
                try $0.loss(points: $0.shapeOfInputs().points, outputs: $0.outputs())
            } : nil
        schedules  // What is measured is of no table.
        =
            mayBeTrained && !ScanEvaluation.measuresForRules(grid)
            ? try ScanTable(
                grid, Self.ofSchedule, bytes: { 16 * $0.lengthOfSchedule() }
            ) { try $0.schedule() } : nil
    }

    private static let ofSchedule =
        [ScanParameter.optimiser, .learningRate, .learningRates, .momentum, .momenta, .steps]
        + UpdateRule.ownParameters.map(ScanParameter.init)

    /// What a candidate is: a run, or the network that has to be measured before that is known, or nothing for reasons it names.
    /// - Parameter index: 0 ≤ index < ``count``.
    public func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        var evaluation = ScanEvaluation(grid, combination: index / replicas, replica: index % replicas)
        do {
            do {
                return try decide(&evaluation)
            } catch ScanRefusal.unmeasured {
                guard let network = evaluation.network else { throw ScanError.unsteadySource(index: index) }
                guard let start = try known(network) else { return .needs(network) }
                evaluation.start = start
                return try decide(&evaluation)
            }
        } catch ScanRefusal.impossible(_, let problem) {
            return .refused(problem)
        } catch ScanRefusal.doesNotFit(let key, let problem) {
            throw error(key, problem)
        }
    }

    private func error(_ key: String, _ problem: String) -> ScanFileError {
        (places[key] ?? places[""] ?? ScanPlace(source: "", line: nil)).error(key, problem)
    }

    private func decide(_ evaluation: inout ScanEvaluation) throws -> Candidate {
        evaluation.run = nil
        for filter in early where try !evaluation.isTrue(filter) { return .excluded }
        if mayBeTrained, let process = try evaluation.processName() {
            let run =
                try process == .ensemble
                ? evaluation.ensemble(recording, schedules?.part(evaluation) ?? evaluation.schedule())
                : evaluation.process(process, recording)
            try evaluation.require(run)
            (evaluation.network, evaluation.run) = (run, run)
            for filter in late where try !evaluation.isTrue(filter) { return .excluded }
            return .run(run)
        }
        try evaluation.refuseKeysOfProcesses()
        var run = try network(&evaluation)
        if asksOfRuns, evaluation.network == nil {
            evaluation.network = run
            // A prediction needs a training, and what is measured has to be kept.
            evaluation.network?.recording.predictions = []
            evaluation.network?.recording.matrices = true
            evaluation.network?.tangentKernel = tangentKernel ?? .gram
        }
        if mayBeTrained, try evaluation.isTrained() {
            let loss = try losses?.part(evaluation) ?? evaluation.loss(points: run.inputs.points, outputs: run.architecture.outputs)
            let schedule = try schedules?.part(evaluation) ?? evaluation.schedule()
            run.training = Run.Training(loss: loss, schedule: schedule.schedule, steps: schedule.steps)
            try check(loss, schedule.schedule)
            if let start = evaluation.start { try check(loss, schedule.schedule, start) }
        } else {
            run.recording.predictions = []
        }
        try evaluation.require(run)
        if asksOfRuns { evaluation.run = run }
        for filter in late where try !evaluation.isTrue(filter) { return .excluded }
        return .run(run)
    }

    private func network(_ evaluation: inout ScanEvaluation) throws -> Run {
        // The sizes first: points and layers are made only if they fit together with the kernel that they make.
        let points = try inputs?.part(evaluation) ?? evaluation.inputs()
        return Run(
            architecture: try architectures?.part(evaluation) ?? evaluation.architecture(dimension: points.dimension),
            source: evaluation.weights.map { .weights($0.weights) } ?? .seed(grid.seeds.seed(evaluation)),
            sigmaW: try evaluation.number(.sigmaW) ?? 1, sigmaB: try evaluation.number(.sigmaB) ?? 0.1, inputs: points,
            tangentKernel: tangentKernel, recording: recording)
    }

    /// Refuses a universe whose H² is negative before the first step, and a loss that begins below its floor.
    private func check(_ loss: Loss, _ schedule: Schedule, _ start: RunResult) throws {
        guard let mean = start.initialValue(of: loss) else { return }
        do throws(DualityError) { try Expansion.check(schedule, loss: mean) } catch {
            throw ScanRefusal.impossible(key: schedule.rule == .bornInfeld ? "lossFloor" : "cosmologicalConstant", "\(error)")
        }
    }

    /// Refuses predictions that a training cannot have.
    private func check(_ loss: Loss, _ schedule: Schedule) throws {
        for prediction in recording.predictions {
            do throws(DualityError) { try prediction.check(schedule, loss.shape) } catch {
                throw ScanRefusal.impossible(key: "record", "record.predictions has \(prediction.rawValue): \(error)")
            }
        }
    }

    /// Why the scan cannot be: the first refusal, if nothing but refusals comes of it, or what does not fit this machine, if that shows
    /// at the ends of the axes.
    /// - Throws: what the candidates throw.
    func refusalOfAll() throws -> ScanFileError? {
        do {
            for index in corners() { try tried(index) }
            var first: ScanFileError?
            let start = ContinuousClock.now
            for index in 0..<min(count, Self.probed) {
                guard let (key, problem) = try tried(index) else { return nil }
                first = first ?? error(key, problem)
                if ContinuousClock.now - start > Self.patience { return nil }
            }
            return first
        } catch ScanRefusal.doesNotFit(let key, let problem) {
            return error(key, problem)
        }
    }

    /// Why a candidate is refused; nil if it is not, or if that is not known yet.
    @discardableResult
    private func tried(_ index: Int) throws -> (key: String, problem: String)? {
        var evaluation = ScanEvaluation(grid, combination: index / replicas, replica: index % replicas)
        do {
            _ = try decide(&evaluation)
            return nil
        } catch ScanRefusal.impossible(let key, let problem) {
            return (key, problem)
        } catch ScanRefusal.unmeasured {
            return nil
        }
    }

    /// Candidates with every axis at its first value but one, which is at its last, and the last of all.
    private func corners() -> [Int] {
        grid.axes.filter { $0.count > 1 }.map { ($0.count - 1) * $0.stride * replicas } + [count - 1]
    }

    /// Candidates that are tried before a scan is called impossible, and for how long.
    private static let probed = 1_000_000
    private static let patience: Duration = .seconds(2)
}
