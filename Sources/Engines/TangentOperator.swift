import Arrays
import Foundation
import Networks

/// Products of the tangent kernel of one network with vectors, without the kernel: Θ v = J (J^T v) by one pass backward and one pass of
/// tangents forward, in Double on the host.
///
/// Time grows with N P where the kernel takes N², and memory holds the layers of some points at a time.
public struct TangentOperator: Sendable {
    private let layers: [Architecture.Layer]
    private let scales: [(weight: Double, bias: Double)]
    private let activation: Activation
    private let weights: [Double]
    private let inputs: Inputs
    private let outputs: Int
    /// Points of a chunk, and chunks that are worked on side by side.
    private let chunk: Int, sideBySide: Int

    /// The operator of a network with given weights on its points.
    /// - Throws: `EngineError.invalidJob` for several networks or weights that are not given, `EngineError.doesNotFit`.
    public init(_ ensemble: Ensemble) throws {
        guard ensemble.members.count == 1, case .weights(let weights) = ensemble.members[0].source else {
            throw EngineError.invalidJob("products are formed with the kernel of one network whose weights are given")
        }
        let architecture = ensemble.architecture
        layers = architecture.layers
        scales = layers.map { ensemble.forwardScales(layer: $0)[0] }
        activation = architecture.activation
        self.weights = weights.values
        inputs = ensemble.inputs[0]
        outputs = architecture.outputs
        let units = architecture.widths.reduce(architecture.inputs + outputs) { $0.plus($1) }
        chunk = max(1, min(inputs.points, 1024, (1 << 22) / max(1, units)))
        sideBySide = max(1, min(ProcessInfo.processInfo.activeProcessorCount, (inputs.points + chunk - 1) / chunk))
        try HostMemory.require(
            doubles: [[sideBySide + 2, architecture.parameterCount], [6 * sideBySide, chunk, units]],
            for: "products with the tangent kernel", remedy: "use a smaller width, or a host with more memory")
    }

    /// NC, the rows of the kernel.
    public var order: Int { inputs.points * outputs }

    /// Bytes that it takes beside its arguments.
    public var hostBytes: Int {
        let units = layers.reduce(inputs.dimension) { $0.plus($1.fanOut) }
        return HostMemory.bytes(ofDoubles: [[sideBySide + 2, weights.count], [6 * sideBySide, chunk, units]])
    }

    /// Θ v, of rows n·C + c.
    /// - Parameter proceed: asked from time to time; throws to stop the work.
    /// - Throws: what `proceed` throws.
    public func apply(_ vector: [Double], proceed: () throws -> Void = {}) throws -> [Double] {
        var gradient = [Double](repeating: 0, count: weights.count)
        try inStrips(proceed) { points in
            pullback(vector, points)
        } take: { part in
            for p in gradient.indices { gradient[p] += part[p] }
        }
        var result: [Double] = []
        result.reserveCapacity(order)
        let direction = gradient
        try inStrips(proceed) { points in
            pushforward(direction, points)
        } take: {
            result += $0
        }
        return result
    }

    /// Chunks of points, some side by side, and their results in order.
    private func inStrips(
        _ proceed: () throws -> Void, _ work: @Sendable (Range<Int>) -> [Double], take: ([Double]) -> Void
    ) throws {
        let chunks = stride(from: 0, to: inputs.points, by: chunk).map { $0..<min($0 + chunk, inputs.points) }
        for first in stride(from: 0, to: chunks.count, by: sideBySide) {
            try proceed()
            let strip = Array(chunks[first..<min(first + sideBySide, chunks.count)])
            let results = try strip.count == 1 ? strip.map(work) : HostThreads.withoutNesting { try strip.parallelMap(work) }
            results.forEach(take)
        }
    }

    /// What a forward pass leaves: the inputs of each layer and the slopes of each hidden one, (points, units).
    private func forward(_ points: Range<Int>) -> (inputs: [[Double]], slopes: [[Double]]) {
        let count = points.count, d = inputs.dimension
        var below = [Array(inputs.values[points.lowerBound * d..<points.upperBound * d])], slopes: [[Double]] = []
        for layer in layers.dropLast() {
            let z = affine(below[layer.index], layer, parameters: weights, count)
            below.append(z.map(activation.value))
            slopes.append(z.map(activation.slope))
        }
        return (below, slopes)
    }

    /// α h W + β b of given parameters.
    private func affine(_ h: [Double], _ layer: Architecture.Layer, parameters: [Double], _ count: Int) -> [Double] {
        let scale = scales[layer.index], bias = layer.offset + layer.fanIn * layer.fanOut
        var z = [Double](repeating: 0, count: count * layer.fanOut)
        if layer.hasBias {
            for n in 0..<count { for j in 0..<layer.fanOut { z[n * layer.fanOut + j] = scale.bias * parameters[bias + j] } }
        }
        parameters.withUnsafeBufferPointer { parameters in
            DenseProduct.multiply(
                rows: count, columns: layer.fanOut, inner: layer.fanIn, scale: scale.weight, h, parameters.baseAddress! + layer.offset,
                kept: 1, into: &z)
        }
        return z
    }

    /// What some points give to J^T v.
    private func pullback(_ vector: [Double], _ points: Range<Int>) -> [Double] {
        let pass = forward(points), count = points.count
        var above = Array(vector[points.lowerBound * outputs..<points.upperBound * outputs])
        var gradient = [Double](repeating: 0, count: weights.count)
        for layer in layers.reversed() {
            let scale = scales[layer.index], bias = layer.offset + layer.fanIn * layer.fanOut
            gradient.withUnsafeMutableBufferPointer { gradient in
                DenseProduct.multiply(
                    rows: layer.fanIn, columns: layer.fanOut, inner: count, scale: scale.weight, pass.inputs[layer.index], transposed: true,
                    above, into: gradient.baseAddress! + layer.offset)
                guard layer.hasBias else { return }
                for n in 0..<count { for j in 0..<layer.fanOut { gradient[bias + j] += scale.bias * above[n * layer.fanOut + j] } }
            }
            guard layer.index > 0 else { break }
            var below = [Double](repeating: 0, count: count * layer.fanIn)
            weights.withUnsafeBufferPointer { weights in
                DenseProduct.multiply(
                    rows: count, columns: layer.fanIn, inner: layer.fanOut, scale: scale.weight, above, transposed: false,
                    weights.baseAddress! + layer.offset,
                    transposed: true, into: &below)
            }
            let slopes = pass.slopes[layer.index - 1]
            for at in below.indices { below[at] *= slopes[at] }
            above = below
        }
        return gradient
    }

    /// J u of some points.
    private func pushforward(_ direction: [Double], _ points: Range<Int>) -> [Double] {
        let pass = forward(points), count = points.count
        var tangents: [Double] = []
        for layer in layers {
            var z = affine(pass.inputs[layer.index], layer, parameters: direction, count)
            if layer.index > 0 {
                weights.withUnsafeBufferPointer { weights in
                    DenseProduct.multiply(
                        rows: count, columns: layer.fanOut, inner: layer.fanIn, scale: scales[layer.index].weight, tangents,
                        weights.baseAddress! + layer.offset, kept: 1, into: &z)
                }
            }
            if layer.index < layers.count - 1 {
                let slopes = pass.slopes[layer.index]
                for at in z.indices { z[at] *= slopes[at] }
            }
            tangents = z
        }
        return tangents
    }
}
