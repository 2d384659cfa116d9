import Learning
import Networks
import Runs

extension ScanEvaluation {
    /// Which process the candidate is; nil for networks.
    mutating func processName() throws -> LearningProcess.Name? {
        guard has(ScanParameter.process.slot) else { return has(ScanParameter.networks.slot) ? .ensemble : nil }
        return ScanSchema.namesOfWords[try integer(.process)].flatMap(LearningProcess.Name.init(rawValue:))
    }

    /// A process that is no ensemble in training, as a run.
    mutating func process(_ name: LearningProcess.Name, _ recording: Recording) throws -> Run {
        try refuseOthers(than: Self.keys(of: name), of: name)
        for (key, isGiven) in [("eras", grid.eras != nil), ("coupling", grid.coupling != nil)] where isGiven {
            throw ScanRefusal.impossible(
                key: key, "\(key) is given, but process is \(name.rawValue), which has none; leave \(key) out")
        }
        try refuseRecording(recording, of: "\(name.rawValue) has none; leave it out")
        guard !recording.matrices || name != .circulation else {
            throw ScanRefusal.impossible(
                key: "record", "record.matrices is given, but \(name.rawValue) counts nothing in bins; leave it out")
        }
        guard name != .lattice || recording.trajectory == .ends else {
            throw ScanRefusal.impossible(
                key: "record", "record.trajectory is given, but lattices are looked at before and after their lesson only; leave it out")
        }
        do {
            let process: LearningProcess =
                switch name {
                case .circulation: .circulation(try circulation())
                case .birthDeath: .birthDeath(try births())
                case .lattice, .ensemble: .lattice(try lesson())
                }
            return try Run(process, recording: Recording(trajectory: recording.trajectory, matrices: recording.matrices))
        } catch { throw Self.refusal(error) }
    }

    private mutating func circulation() throws -> Circulation {
        Circulation(
            networks: try required(.networks, of: .circulation, "60000"), learningRate: try learningRate(of: .circulation),
            batch: try integer(.batch), turning: try number(.turning) ?? 0, isMirrored: try integer(.mirrored) == 1,
            steps: try required(.steps, of: .circulation, "1000"), warmUp: try warmUp(), seed: grid.seeds.seed(self))
    }

    private mutating func births() throws -> BirthDeath {
        let network = try MicroNetwork(
            neurons: integer(.neurons), stiffness: number(.stiffness) ?? 1, inverseTemperature: number(.inverseTemperature) ?? 4,
            weightDecay: number(.weightDecay) ?? 0)
        return BirthDeath(
            network: network, networks: try required(.networks, of: .birthDeath, "60000"), diffusion: try number(.diffusion) ?? 0,
            timeStep: try number(ScanParameter.stepTime.slot) ?? 0.02, steps: try required(.steps, of: .birthDeath, "1000"),
            warmUp: try warmUp(), seed: grid.seeds.seed(self))
    }

    private mutating func lesson() throws -> LatticeLesson {
        guard case .numbers(let sizes)? = value(ScanParameter.sites.slot) else { throw missing(.sites, of: .lattice, "[256]") }
        let sites = sizes.reduce(1) { $0 * $1 }
        guard sites <= Self.mostSites else {
            throw ScanRefusal.outOfRange(
                "sites", "\(sites.scanText)", "\(Self.mostSites.scanText) or less together", "make the lattice smaller")
        }
        let shape = try LatticeShape(sizes.map { Int($0) })
        let teacher = try LatticeNetwork(
            shape: shape, coupling: number(.latticeCoupling) ?? 0.25, massSquared: number(.latticeMass) ?? 0.0025)
        return try LatticeLesson(
            teacher: teacher, steps: required(.steps, of: .lattice, "1000"), recordings: integer(.recordings),
            learningRate: learningRate(of: .lattice), noise: number(ScanParameter.noise.slot) ?? 0.01, smoothing: number(.smoothing) ?? 0,
            seed: grid.seeds.seed(self))
    }

    /// Sites of a lattice that a scan may have: its weights are made for every candidate.
    private static let mostSites = 0x1p20

    private mutating func warmUp() throws -> Int? { try number(ScanParameter.warmUp.slot).map { Int($0) } }

    /// Refuses keys of processes where the candidate is a network.
    func refuseKeysOfProcesses() throws {
        guard let key = ScanParameter.allOfEnsemble.first(where: { has($0.slot) }) else { return }
        throw ScanRefusal.impossible(
            key: key.name,
            "\(key.name) is given, but networks is not, nor is process, so the run trains one network; give one of them, or "
                + "leave \(key.name) out")
    }

    private static func keys(of name: LearningProcess.Name) -> Set<ScanParameter> {
        switch name {
        case .circulation: [.process, .networks, .learningRate, .steps, .batch, .turning, .mirrored, .warmUp]
        case .birthDeath:
            [.process, .networks, .steps, .stepTime, .diffusion, .neurons, .stiffness, .inverseTemperature, .weightDecay, .warmUp]
        case .lattice, .ensemble:
            [.process, .sites, .latticeCoupling, .latticeMass, .learningRate, .steps, .recordings, .noise, .smoothing]
        }
    }

    private func refuseOthers(than own: Set<ScanParameter>, of name: LearningProcess.Name) throws {
        for key in ScanParameter.all where has(key.slot) && !own.contains(key) {
            throw ScanRefusal.impossible(
                key: key.name,
                "\(key.name) is given, but process is \(name.rawValue), which has none; leave \(key.name) out, or put both in one group of "
                    + "together")
        }
    }

    private mutating func required(_ key: ScanParameter, of name: LearningProcess.Name, _ example: String) throws -> Int {
        if let number = try number(key.slot) { return Int(number) }
        throw missing(key, of: name, example)
    }

    private mutating func learningRate(of name: LearningProcess.Name) throws -> Double {
        if let rate = try number(ScanParameter.learningRate.slot) { return rate }
        throw missing(.learningRate, of: name, "0.05")
    }

    private func missing(_ key: ScanParameter, of name: LearningProcess.Name, _ example: String) -> ScanRefusal {
        .impossible(
            key: "process",
            "process is \(name.rawValue), but \(key.name) is not given; give it, such as \(key.name): \(example)")
    }
}
