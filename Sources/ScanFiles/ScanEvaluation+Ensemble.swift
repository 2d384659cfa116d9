import Learning
import Networks
import Runs

extension ScanEvaluation {
    /// The ensemble as a run.
    mutating func ensemble(_ recording: Recording, _ schedule: ScanSchedule) throws -> Run {
        try refuseKeysOfNetworks()
        try refuseRecording(recording, of: "ensembles have none; leave it out, or leave networks out")
        for key in [ScanParameter.turning, .mirrored, .warmUp, .sites, .latticeCoupling, .latticeMass, .recordings, .smoothing]
        where has(key.slot) {
            throw ScanRefusal.impossible(
                key: key.name,
                "\(key.name) is given, but networks that learn with noise have none; leave \(key.name) out, or give another process")
        }
        var kept = Recording(trajectory: recording.trajectory, matrices: recording.matrices)
        if kept.trajectory == .ends { kept.trajectory = .every(EnsembleTraining.standardStride(schedule.steps)) }
        guard has(ScanParameter.networks.slot) else {
            throw ScanRefusal.impossible(
                key: "process", "process is ensemble, but networks is not given; give their number, such as networks: 100000")
        }
        do { return try Run(training(schedule), recording: kept) } catch { throw Self.refusal(error) }
    }

    /// What is wrong with a process, in terms of keys.
    static func refusal(_ error: any Error) -> any Error {
        switch error {
        case let error as LearningError:
            ScanRefusal.impossible(
                key: error.key,
                "\(error)".replacing("--learning-rate", with: "learningRate").replacing("--mass-squared", with: "latticeMass")
                    .replacing("--coupling", with: "latticeCoupling").replacing("--", with: ""))
        case let error as NetworkError: ScanRefusal.impossible(key: "networks", "\(error)")
        default: error
        }
    }

    /// Parts of a recording that are of networks alone.
    func refuseRecording(_ recording: Recording, of reason: String) throws {
        for (part, isAsked) in [
            ("predictions", !recording.predictions.isEmpty), ("spectra", recording.spectra), ("modes", recording.modes),
        ] where isAsked {
            throw ScanRefusal.impossible(key: "record", "record.\(part) is given, but \(reason)")
        }
    }

    private mutating func training(_ schedule: ScanSchedule) throws -> EnsembleTraining {
        let network = try MicroNetwork(
            neurons: integer(.neurons), stiffness: number(.stiffness) ?? 1, inverseTemperature: number(.inverseTemperature) ?? 4,
            weightDecay: number(.weightDecay) ?? 0)
        var training = EnsembleTraining(
            network: network, networks: try integer(.networks), starts: try starts(), schedule: schedule.schedule, steps: schedule.steps,
            batch: try integer(.batch), noise: 0, timeStep: 1, diffusion: 0, seed: grid.seeds.seed(self))
        let rate = schedule.schedule.learningRates[0]
        training.alternative = try alternative(rate, training)
        if training.isDescent {
            for key in [ScanParameter.stepTime] + (has(ScanParameter.noise.slot) ? [.diffusion] : []) where has(key.slot) {
                throw ScanRefusal.impossible(
                    key: key.name,
                    key == .stepTime
                        ? "stepTime is given, but a step of descent takes the time η; leave stepTime out"
                        : "noise and diffusion cannot both be given of descent; give one of them")
            }
            training.timeStep = training.meanRate
        } else {
            training.timeStep = try number(.stepTime) ?? rate.squareRoot()
        }
        training.diffusion = try number(.diffusion) ?? 0
        if let noise = try number(ScanParameter.noise.slot) {
            training.noise = noise
            if training.isDescent { training.diffusion = training.diffusion(ofNoise: noise) }
        } else {
            training.noise =
                training.isDescent
                ? training.noise(ofDiffusion: training.diffusion) : (2 * training.diffusion / training.timeStep).squareRoot()
        }
        return training
    }

    /// The second setting; nil where none of its keys is given.
    private mutating func alternative(_ rate: Double, _ training: EnsembleTraining) throws -> EnsembleAlternative? {
        let keys: [ScanParameter] = [.otherLearningRate, .otherBatch, .otherNeurons]
        guard keys.contains(where: { has($0.slot) }) else {
            guard !has(ScanParameter.renewal.slot) else {
                throw ScanRefusal.impossible(
                    key: "renewal",
                    "renewal is given, but networks have one setting; give otherLearningRate, otherBatch or otherNeurons, or leave renewal out"
                )
            }
            return nil
        }
        return EnsembleAlternative(
            stepRatio: (try number(ScanParameter.otherLearningRate.slot) ?? rate) / rate,
            batch: has(ScanParameter.otherBatch.slot) ? try integer(.otherBatch) : training.batch,
            neurons: has(ScanParameter.otherNeurons.slot) ? try integer(.otherNeurons) : training.network.neurons,
            renewal: try number(ScanParameter.renewal.slot) ?? 1)
    }

    private mutating func starts() throws -> [EnsembleTraining.Start] {
        guard let value = value(ScanParameter.starts.slot) else { return EnsembleTraining.standardStarts }
        guard case .inputs(.fixed(let points)) = value, points.dimension == 2 else {
            throw ScanRefusal.impossible(
                key: "starts", "starts must be points of two numbers, mean and deviation each; give {points: [[-0.9, 0.18], …]}")
        }
        return stride(from: 0, to: points.values.count, by: 2).map {
            EnsembleTraining.Start(mean: points.values[$0], deviation: points.values[$0 + 1])
        }
    }

    private func refuseKeysOfNetworks() throws {
        let others: [ScanParameter] = [
            .activation, .depth, .width, .widths, .outputs, .bias, .parameterisation, .sigmaW, .sigmaB, .inputs, .weights, .targets, .loss,
            .degree,
            .scale,
            .minimum,
        ]
        for key in others where has(key.slot) {
            throw ScanRefusal.impossible(
                key: key.name,
                "\(key.name) is given, but a run of networks is an ensemble, which has none; leave \(key.name) or networks out")
        }
    }
}

extension LearningError {
    /// The key of a scan file that it speaks of.
    fileprivate var key: String {
        switch self {
        case .unstable: "learningRate"
        case .divergentPartitionFunction: "weightDecay"
        case .outOfRange(let name, _, _, _):
            [
                ("recordings of", "recordings"), ("of a lesson", "smoothing"), ("coupling A", "latticeCoupling"),
                ("mass M", "latticeMass"), ("of the lattice", "sites"), ("of dimensions", "sites"), ("of sites", "sites"),
                ("other mini-batch", "otherBatch"), ("other number of neurons", "otherNeurons"), ("renewal", "renewal"),
                ("both steps", "otherLearningRate"), ("diffusion", "diffusion"), ("noise", "noise"), ("time", "stepTime"),
                ("learning rate", "learningRate"), ("turned", "turning"), ("steps after", "steps"), ("warm-up", "warmUp"),
                ("batch", "batch"), ("steps", "steps"),
                ("densit", "starts"),
            ]
            .first { name.contains($0.0) }?.1 ?? "networks"
        case .tooFewNetworks, .notWritten, .notFinite: "networks"
        }
    }
}
