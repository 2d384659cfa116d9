import Compute
import Learning
import OpenCL

/// The kernels of lattices: waves, where these are, and training.
public struct LatticeFamily: KernelFamily {
    public let name = "lattices"
    /// None: work-items take vectors of sites, and there is nothing else to choose.
    public let tunables: [TunableKernel] = []
    public let stages = [wave, training]

    /// Steps of a wave.
    static let wave = BenchmarkStage("lattice-wave", kernels: ["lattice_wave"], unit: "sites/s")
    /// Training from recordings, with the random numbers that it takes.
    static let training = BenchmarkStage("lattice-training", kernels: ["lattice_inputs", "lattice_lms"], unit: "site-samples/s")

    /// The family.
    public init() {}

    /// No kernel has parameters of its own.
    public func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject {
        throw LearningError.outOfRange(
            name: "a kernel of lattices to tune", value: kernel.name, limit: "none", remedy: "they have no parameters of their own")
    }

    /// A wave of two parts on a lattice of 512² sites, and training on one of 2048.
    public func work(_ stages: [BenchmarkStage], _ device: KernelDevice) throws -> [BenchmarkWork] {
        let lattice = try DeviceLattice(device), bytes = Double(device.precision.elementBytes)
        return try stages.compactMap { stage in
            if stage == Self.wave {
                let shape = try LatticeShape([512, 512]), steps = 64, flat = [Double](repeating: 0.5, count: shape.sites)
                let network = try LatticeNetwork(shape: shape, coupling: 0.2, massSquared: 0.002)
                let wave = LatticeWave(network, before: [flat, flat], now: [flat, flat])
                let sites = Double(2 * shape.sites * steps), weights = Double(shape.weightCount)
                var cost = BenchmarkCost(bytes: sites * bytes * (3 + weights / 2), items: sites)
                cost.add(sites * 2 * (weights + 1), in: device.precision)
                return BenchmarkWork([(stage, cost)], in: device.context) {
                    let start = ContinuousClock.now
                    _ = try lattice.centres(of: [wave], steps: steps, every: steps)
                    return ContinuousClock.now - start
                }
            }
            guard stage == Self.training else { return nil }
            let shape = try LatticeShape([2048])
            let lesson = try LatticeLesson(
                teacher: LatticeNetwork(shape: shape, coupling: 0.25, massSquared: 0.04), steps: 256, recordings: 16, learningRate: 0.15,
                noise: 1e-3, seed: 1)
            let samples = Double(shape.sites * lesson.steps * lesson.recordings)
            var cost = BenchmarkCost(bytes: samples * 2 * bytes, items: samples)
            cost.add(samples * 6 * Double(shape.weightCount), in: device.precision)
            return BenchmarkWork([(stage, cost)], in: device.context) {
                let start = ContinuousClock.now
                _ = try lattice.train([lesson])
                return ContinuousClock.now - start
            }
        }
    }

    /// Waves, their centres and lessons in one to three dimensions, beside the host's, whose rounding is followed.
    public func checks(_ device: KernelDevice, _ extent: CheckExtent) throws -> [() -> CheckResult] {
        let kinds: [(name: String, measure: (LatticeCheck) -> (DeviceLattice) throws -> Deviation)] = [
            ("wave", LatticeCheck.wave), ("centre of a wave", LatticeCheck.centre), ("training", LatticeCheck.training),
            ("training with smoothing", LatticeCheck.smoothing),
        ]
        func check(_ name: String, _ measure: @escaping (DeviceLattice) throws -> Deviation) -> () -> CheckResult {
            { CheckResult(name: "lattice \(name)", precision: device.precision) { try measure(DeviceLattice(device)) } }
        }
        var checks = (extent == .brief ? [2] : [1, 2, 3]).flatMap { dimensions in
            kinds.map { kind in check("\(kind.name), \(dimensions)-dimensional", kind.measure(LatticeCheck(dimensions))) }
        }
        checks.append(check("training in launches of any length, to the last bit", LatticeCheck(1).repetition))
        return checks
    }

    /// Launches each kernel at small sizes.
    /// - Parameters:
    ///   - kind: the kind of devices whose division of work it is; nil for the device's.
    ///   - vectorBytes: of vectors; nil for those that suit the device.
    package static func sweep(_ device: KernelDevice, as kind: Device.Kind?, vectorBytes: Int?) throws {
        let lattice = try DeviceLattice(device, as: kind, vectorBytes: vectorBytes)
        for dimensions in 1...3 {
            let check = LatticeCheck(least: dimensions)
            _ = try check.wave(on: lattice)
            _ = try check.centre(on: lattice)
            _ = try check.training(on: lattice)
            _ = try check.smoothing(on: lattice)
        }
    }
}
