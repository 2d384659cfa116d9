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
        try refuseOthers(than: name == .circulation ? Self.ofCirculation : Self.ofBirthDeath, of: name)
        for (key, isGiven) in [("eras", grid.eras != nil), ("coupling", grid.coupling != nil)] where isGiven {
            throw ScanRefusal.impossible(
                key: key, "\(key) is given, but process is \(name.rawValue), which has none; leave \(key) out")
        }
        try refuseRecording(recording, of: "\(name.rawValue) has none; leave it out")
        guard !recording.matrices || name == .birthDeath else {
            throw ScanRefusal.impossible(
                key: "record", "record.matrices is given, but \(name.rawValue) counts nothing in bins; leave it out")
        }
        let networks = try required(.networks, of: name, "60000"), steps = try required(.steps, of: name, "1000")
        let warmUp = try number(ScanParameter.warmUp.slot).map { Int($0) }
        let process: LearningProcess
        do {
            if name == .circulation {
                process = .circulation(
                    Circulation(
                        networks: networks, learningRate: try learningRate(of: name), batch: try integer(.batch),
                        turning: try number(.turning) ?? 0, isMirrored: try integer(.mirrored) == 1, steps: steps, warmUp: warmUp,
                        seed: grid.seeds.seed(self)))
            } else {
                process = .birthDeath(
                    BirthDeath(
                        network: try MicroNetwork(
                            neurons: integer(.neurons), stiffness: number(.stiffness) ?? 1,
                            inverseTemperature: number(.inverseTemperature) ?? 4, weightDecay: number(.weightDecay) ?? 0),
                        networks: networks, diffusion: try number(.diffusion) ?? 0,
                        timeStep: try number(ScanParameter.stepTime.slot) ?? 0.02, steps: steps, warmUp: warmUp,
                        seed: grid.seeds.seed(self)))
            }
            return try Run(process, recording: Recording(trajectory: recording.trajectory, matrices: recording.matrices))
        } catch { throw Self.refusal(error) }
    }

    /// Refuses keys of processes where the candidate is a network.
    func refuseKeysOfProcesses() throws {
        guard let key = ScanParameter.allOfEnsemble.first(where: { has($0.slot) }) else { return }
        throw ScanRefusal.impossible(
            key: key.name,
            "\(key.name) is given, but networks is not, so the run is no ensemble; give networks, or leave \(key.name) out")
    }

    private static let ofCirculation: Set<ScanParameter> = [
        .process, .networks, .learningRate, .steps, .batch, .turning, .mirrored, .warmUp,
    ]
    private static let ofBirthDeath: Set<ScanParameter> = [
        .process, .networks, .steps, .stepTime, .diffusion, .neurons, .stiffness, .inverseTemperature, .weightDecay, .warmUp,
    ]

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
