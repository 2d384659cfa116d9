import Arrays
import Compute
import Networks
import OpenCL

/// Networks whose fast neurons move by Langevin's equation (`langevin.cl`) in the place of being drawn from their equilibrium: what becomes of
/// ⟨∂H/∂w⟩ = ∂F/∂w when a step of the weight leaves them little time.
public struct FastNeurons: Sendable {
    public var network: MicroNetwork
    /// The weights, one a network; frozen where the learning rate is 0.
    public var weights: [Float]
    /// Langevin steps for each datum.
    public var sweeps: Int
    /// The time of each, in units in which a neuron relaxes at the rate κ.
    public var timeStep: Double
    /// Data that each network sees.
    public var updates: Int
    /// Of these, the first, whose gradients are not summed.
    public var skipped: Int
    /// η.
    public var learningRate: Double
    public var seed: UInt64

    public init(
        _ network: MicroNetwork, weights: [Float], sweeps: Int, timeStep: Double, updates: Int, skipped: Int, learningRate: Double = 0,
        seed: UInt64
    ) {
        self.network = network
        self.weights = weights
        self.sweeps = sweeps
        self.timeStep = timeStep
        self.updates = updates
        self.skipped = skipped
        self.learningRate = learningRate
        self.seed = seed & .max >> 1
    }

    /// The adiabatic ratio: relaxation times of the slowest neuron that pass for each step of the weight.
    public var adiabaticRatio: Double { Double(sweeps) * timeStep * network.slowestRelaxation }

    private var kick: Float { Float((2 * timeStep / network.inverseTemperature).squareRoot()) }

    /// Sums of the gradients of each network, and the weights at the end, from neurons at 0.
    /// - Throws: errors of the device.
    public func run(on device: LearningDevice) throws -> (gradients: [Float], weights: [Float]) {
        if let context = device.context { return try run(on: context, lanes: device.lanes(of: context)) }
        let pieces = stride(from: 0, to: weights.count, by: 1024).map { $0..<min($0 + 1024, weights.count) }
        let data = network.data.map(Float.init)
        let found = try pieces.parallelMap { piece in piece.map { run(UInt32($0), data) } }.flatMap { $0 }
        return (found.map(\.gradient), found.map(\.weight))
    }

    private func run(on context: Context, lanes: Int) throws -> (gradients: [Float], weights: [Float]) {
        let isCPU = lanes > 1
        let vectors = (weights.count + lanes - 1) / lanes, padded = vectors * lanes
        let kernel = try KernelSet(context: context, precision: .float32).kernel(
            "langevin.cl", "fast_langevin", vectorWidth: lanes, [("NEURONS", "\(network.neurons)")])
        func reals(_ values: [Double]) throws -> RealBuffer { try RealBuffer(context, elementBytes: 4, values) }
        let gradients = try RealBuffer(context, elementBytes: 4, count: padded)
        let moved = try reals(weights.map { Double($0) } + [Double](repeating: 0, count: padded - weights.count))
        let group = isCPU ? 1 : min(64, kernel.maximumWorkGroupSize)
        let items = isCPU ? min(vectors, 8 * context.device.computeUnits) : vectors
        try kernel.launch(
            global: [(items + group - 1) / group * group], local: [group],
            arguments: [
                "vectors": vectors, "updates": updates, "sweeps": sweeps, "skipped": skipped, "firstUpdate": 0,
                "seed": Int(seed), "data": network.data.count, "kappa": network.stiffness, "dt": timeStep, "kick": Double(kick),
                "decay": network.weightDecay, "rate": learningRate, "set": reals(network.data), "weights": moved,
                "neurons": RealBuffer(context, elementBytes: 4, count: padded * network.neurons), "gradients": gradients,
            ])
        return (
            try gradients.read(0..<weights.count).map { Float($0) }, try moved.read(0..<weights.count).map { Float($0) }
        )
    }

    /// The twin of the kernel.
    private func run(_ number: UInt32, _ data: [Float]) -> (gradient: Float, weight: Float) {
        let count = network.neurons, pairs = (count + 1) / 2, part = 1 / Float(count)
        let kappa = Float(network.stiffness), dt = Float(timeStep), kick = kick
        var w = weights[Int(number)], total: Float = 0, x = [Float](repeating: 0, count: count)
        for u in 0..<updates {
            let now = UInt32(u)
            let word = TrainingNoise.block(seed: seed, network: number, step: now, block: 0, .training).z
            let a = data[TrainingNoise.place(word, of: data.count)], t = TrainingNoise.tangent(w * a)
            var sum = x.reduce(0, +)
            for s in 0..<sweeps {
                let mean = sum * part, pull = a.addingProduct(-w, mean) * w * part
                sum = 0
                for i in 0..<count {
                    let words = TrainingNoise.block(
                        seed: seed, network: number, step: now, block: UInt32(s * pairs + i / 2), .langevin)
                    let pair = TrainingNoise.normals(words.x, words.y)
                    x[i] = x[i].addingProduct(-dt, (-pull).addingProduct(kappa, x[i] - t)).addingProduct(
                        kick, i.isMultiple(of: 2) ? pair.0 : pair.1)
                    sum += x[i]
                }
            }
            let m = sum * part, distance = sum.addingProduct(-Float(count), t), slope = (1 as Float).addingProduct(-t, t)
            let g = (-(a.addingProduct(-w, m) * m).addingProduct(kappa * distance * slope, a)).addingProduct(w, Float(network.weightDecay))
            if u >= skipped { total += g }
            w = w.addingProduct(-Float(learningRate), g)
        }
        return (total, w)
    }
}
