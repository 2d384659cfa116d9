import Compute
import Engines
import Networks

/// The formulas behind ``BenchmarkCost``, kernel by kernel.
struct BenchmarkSizes {
    let members: Double
    let points: Double
    let outputs: Double
    let rows: Double
    let steps: Double
    let element: Double
    let gramElement: Double
    let real: Precision
    let accumulator: Precision

    init(_ problem: BenchmarkProblem, _ precision: Precision) {
        members = Double(problem.members)
        points = Double(problem.points)
        outputs = Double(problem.outputs)
        rows = points * outputs
        steps = Double(problem.steps)
        element = Double(precision.elementBytes)
        gramElement = Double(precision.gramBytes)
        real = precision == .float64 ? .float64 : .float32
        accumulator = precision == .float32 ? .float32 : .float64
    }

    /// For two numbers: 98 integer operations of 10 Philox rounds, and at least 60 in double for a logarithm, a root and a sine with
    /// its cosine, by polynomials of degree 20. Each takes the place of a fused multiply-add, hence counts 2. Bytes: E P s.
    func addWeights(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        let numbers = members * parameters(layers)
        cost.add(2 * 98 * numbers / 2, in: .float32)
        cost.add(2 * 60 * numbers / 2, in: .float64)
        cost.bytes += element * numbers
        cost.items = numbers
    }

    /// 2 N n_{l−1} n_l; bytes: the layer's parameters, its inputs (the points once for all members), values, and slopes if hidden.
    func addForward(_ layer: Architecture.Layer, last: Bool, to cost: inout BenchmarkCost) {
        let below = Double(layer.fanIn), above = Double(layer.fanOut)
        cost.add(2 * members * points * below * above, in: real)
        let input = (layer.index == 0 ? 1 : members) * points * below
        cost.bytes += element * (members * Double(layer.parameterCount) + input + members * points * above * (last ? 1 : 2))
    }

    /// No operation; R C written for each member.
    func addUnitSensitivities(to cost: inout BenchmarkCost) { cost.bytes += element * members * rows * outputs }

    /// 2 R n_{l−1} n_l; bytes: the layer's weights, the slopes and sensitivities below, the sensitivities above.
    func addBackward(_ layer: Architecture.Layer, rows: Double, to cost: inout BenchmarkCost) {
        let below = Double(layer.fanIn), above = Double(layer.fanOut)
        cost.add(2 * members * rows * below * above, in: real)
        cost.bytes += element * members * (below * above + rows * above + points * below + rows * below)
    }

    /// Lower triangles, N (N + 1) n_{l−1} + R (R + 1) n_l, for every layer; bytes: all activations and sensitivities, and Θ once, since
    /// the Gram matrices between need not leave the registers.
    func addTangent(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        addGramOperations(layers, to: &cost)
        for layer in layers {
            let input = (layer.index == 0 ? 1 : members) * points * Double(layer.fanIn)
            cost.bytes += element * (input + members * rows * Double(layer.fanOut))
        }
        cost.bytes += gramElement * members * rows * rows
        cost.items = cost.operations
    }

    private func addGramOperations(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        for layer in layers {
            cost.add(
                members * (points * (points + 1) * Double(layer.fanIn) + rows * (rows + 1) * Double(layer.fanOut)), in: accumulator)
        }
    }

    /// One multiplication an element, R P; bytes: the elements written, activations and sensitivities read.
    func addJacobian(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        let elements = members * rows * parameters(layers)
        cost.add(elements, in: real)
        cost.bytes += element * elements
        for layer in layers {
            let input = (layer.index == 0 ? 1 : members) * points * Double(layer.fanIn)
            cost.bytes += element * (input + members * rows * Double(layer.fanOut))
        }
        cost.items = cost.bytes
    }

    /// Eight operations for each of (K + 1) E R losses: difference, slope, division, value, sum. Bytes: outputs and anchors read, slopes,
    /// the records of outputs and of losses written. At most sizes the launches take longer than either.
    func addLoss(to cost: inout BenchmarkCost) {
        cost.items = (steps + 1) * members * rows
        cost.add(8 * cost.items, in: real)
        cost.bytes += element * (4 * cost.items + (steps + 1) * members)
    }

    /// K times 2 N (n_{l−1} + 1) n_l and four more for each parameter; bytes: W and v read and written, activations and sensitivities read.
    func addUpdate(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        for layer in layers {
            let below = Double(layer.fanIn), above = Double(layer.fanOut), count = Double(layer.parameterCount)
            cost.add(steps * members * (2 * points + 4) * count, in: real)
            let input = (layer.index == 0 ? 1 : members) * points * below
            cost.bytes += element * steps * (members * (4 * count + points * above) + input)
        }
        cost.items = cost.bytes
    }

    /// The operations of forward, backward and gram; bytes: weights, points and Θ, all else may stay in registers and caches.
    func addTangentKernel(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        for layer in layers { addForward(layer, last: false, to: &cost) }
        for layer in layers.dropFirst() { addBackward(layer, rows: rows, to: &cost) }
        addGramOperations(layers, to: &cost)
        cost.bytes = element * (members * parameters(layers) + points * Double(layers[0].fanIn)) + gramElement * members * rows * rows
        cost.items = cost.operations
    }

    /// K + 1 forward, K backward and update; bytes: W and v read and written at every update, which is the floor of whoever updates
    /// weights at every step in memory. Weights that stay in a cache, or updates that are collected, go below it.
    func addTraining(_ layers: [Architecture.Layer], to cost: inout BenchmarkCost) {
        var step = BenchmarkCost()
        for layer in layers { addForward(layer, last: false, to: &step) }
        let forward = step.operations
        for layer in layers.dropFirst() { addBackward(layer, rows: points, to: &step) }
        cost.add(steps * step.operations + forward, in: real)
        for layer in layers { cost.add(steps * members * (2 * points + 4) * Double(layer.parameterCount), in: real) }
        cost.bytes = element * members * (steps * 4 * parameters(layers) + (steps + 1) * (rows + 1))
        cost.items = members * steps
    }

    private func parameters(_ layers: [Architecture.Layer]) -> Double {
        layers.reduce(0) { $0 + Double($1.parameterCount) }
    }
}
