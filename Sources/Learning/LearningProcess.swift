/// What a run can be that trains no single network: the processes of the theory of learning that scans, stores and reports have in common.
public enum LearningProcess: Sendable, Hashable {
    /// Networks that learn with noise and are counted in bins.
    case ensemble(EnsembleTraining)
    /// Networks with two weights that turn around the origin.
    case circulation(Circulation)
    /// Networks that are born and die.
    case birthDeath(BirthDeath)
    /// A network on a lattice that learns from recordings of another.
    case lattice(LatticeLesson)

    /// What scan files and stores call them.
    public enum Name: String, Sendable, CaseIterable {
        case ensemble, circulation, lattice
        case birthDeath = "birth-death"
    }

    public var name: Name {
        switch self {
        case .ensemble: .ensemble
        case .circulation: .circulation
        case .birthDeath: .birthDeath
        case .lattice: .lattice
        }
    }

    /// Networks, of an ensemble from each of its densities; 1 on a lattice.
    public var networks: Int {
        switch self {
        case .ensemble(let training): training.networks
        case .circulation(let circulation): circulation.networks
        case .birthDeath(let process): process.networks
        case .lattice: 1
        }
    }

    /// The key of the random numbers.
    public var seed: UInt64 {
        switch self {
        case .ensemble(let training): training.seed
        case .circulation(let circulation): circulation.seed
        case .birthDeath(let process): process.seed
        case .lattice(let lesson): lesson.seed
        }
    }

    /// K.
    public var steps: Int {
        switch self {
        case .ensemble(let training): training.steps
        case .circulation(let circulation): circulation.steps
        case .birthDeath(let process): process.steps
        case .lattice(let lesson): lesson.steps
        }
    }

    /// The steps after which it is looked at, ascending, 0 and K among them; no others on a lattice.
    public var recordedSteps: [Int] {
        get {
            switch self {
            case .ensemble(let training): training.recordedSteps
            case .circulation(let circulation): circulation.recordedSteps
            case .birthDeath(let process): process.recordedSteps
            case .lattice(let lesson): lesson.recordedSteps
            }
        }
        set { shorten(to: steps, recordedSteps: newValue) }
    }

    /// Has it take so many steps, and be looked at after these.
    package mutating func shorten(to steps: Int, recordedSteps: [Int]) {
        switch self {
        case .ensemble(var training):
            (training.steps, training.recordedSteps) = (steps, recordedSteps)
            self = .ensemble(training)
        case .circulation(var circulation):
            if steps < circulation.steps { circulation.warmUp = min(circulation.warmUp, steps) }
            (circulation.steps, circulation.recordedSteps) = (steps, recordedSteps)
            self = .circulation(circulation)
        case .birthDeath(var process):
            if steps < process.steps { process.warmUp = min(process.warmUp, steps) }
            (process.steps, process.recordedSteps) = (steps, recordedSteps)
            self = .birthDeath(process)
        case .lattice(var lesson):
            lesson.steps = steps
            self = .lattice(lesson)
        }
    }

    /// Parts whose numbers are kept, and how many numbers these have: of an ensemble densities with mean and variance.
    package var shape: (parts: Int, numbers: Int) {
        switch self {
        case .ensemble(let training): (training.starts.count, 2)
        case .circulation: (Circulation.parts, 2)
        case .birthDeath: (BirthDeath.islands, 2)
        case .lattice: (1, 1)
        }
    }

    /// How many numbers are counted beside these, or learned.
    package var counted: Int {
        switch self {
        case .ensemble(let training):
            EnsembleRecord.valueCount(
                starts: training.starts.count, records: training.recordedSteps.count, bins: training.bins.count)
        case .circulation: 0
        case .birthDeath: BirthDeath.islands * BirthDeath.bins.count
        case .lattice(let lesson): lesson.weightNumbers
        }
    }

    /// The lists that it follows from: data, or weights of a teacher and of a student at the start.
    package var lists: [[Double]] {
        switch self {
        case .ensemble(let training): [training.network.data]
        case .circulation(let circulation): [circulation.numbersOfData]
        case .birthDeath(let process): [process.network.data]
        case .lattice(let lesson): [lesson.teacher, lesson.student].map { $0.weights.flatMap { $0 } }
        }
    }

    /// The network with one weight; nil where weights are more.
    package var network: MicroNetwork? {
        switch self {
        case .ensemble(let training): training.network
        case .circulation, .lattice: nil
        case .birthDeath(let process): process.network
        }
    }

    /// Refuses what cannot be computed or says nothing, before any work.
    /// - Throws: `LearningError`.
    public func check() throws(LearningError) {
        switch self {
        case .ensemble(let training): try training.check()
        case .circulation(let circulation): try circulation.check()
        case .birthDeath(let process): try process.check()
        // Refused where it is made.
        case .lattice: break
        }
    }

    /// What became of it: from a store where the device has one (``LearningDevice/processes``), else computed now.
    /// - Throws: errors of the device or the store; what `device.proceed` throws.
    func record(on device: LearningDevice) throws -> ProcessRecord {
        if let known = try device.processes?(self) { return known }
        return try computed(on: device)
    }

    /// What becomes of it.
    /// - Throws: errors of the device; what `device.proceed` throws.
    package func computed(on device: LearningDevice) throws -> ProcessRecord {
        switch self {
        case .ensemble(let training):
            let record = try training.computed(on: device), (moments, freeEnergies) = record.moments(of: training)
            return ProcessRecord(outputs: moments, losses: freeEnergies, counts: record.values, lastFinite: record.lastFinite)
        case .circulation(let circulation): return try circulation.computed(on: device)
        case .birthDeath(let process): return try process.computed(on: device)
        case .lattice(let lesson): return try lesson.computed(on: device)
        }
    }
}
