import Arrays
import Expressions

/// Losses of all outputs of points, coupled or not. Outputs and anchors are (N, C) in row-major order.
extension LossShape {
    /// The coupling; nil for a loss of each output by itself.
    public var coupling: Coupling? { if case .coupled(let coupling) = self { coupling } else { nil } }

    /// Σ_x Σ_c l(f_c(x)), or Σ_x l(f(x)) of a coupled one.
    public func total(_ f: UnsafeBufferPointer<Double>, anchors: UnsafeBufferPointer<Double>, scale: Double) -> Double {
        var sum = 0.0
        guard let coupling else {
            for index in f.indices { sum += value(f[index], anchor: anchors[index], scale: scale) }
            return sum
        }
        Self.forEachPoint(f, anchors, coupling.outputs) { _, u in sum += scale * coupling.function.value(at: u) }
        return sum
    }

    /// `factor` · ∂l/∂f_c of each point and output.
    public func writeSlopes(
        _ f: UnsafeBufferPointer<Double>, anchors: UnsafeBufferPointer<Double>, scale: Double, factor: Double = 1,
        into slopes: UnsafeMutableBufferPointer<Double>
    ) {
        guard let coupling else {
            for index in f.indices { slopes[index] = factor * slope(f[index], anchor: anchors[index], scale: scale) }
            return
        }
        Self.forEachPoint(f, anchors, coupling.outputs) { first, u in
            let own = UnsafeMutableBufferPointer(rebasing: slopes[first..<first + coupling.outputs])
            coupling.function.writeGradient(at: u, into: own)
            for c in own.indices { own[c] *= factor * scale }
        }
    }

    /// ∂²l/∂f_a∂f_b at one point, (C, C), of C outputs.
    public func writeCurvatures(
        _ f: UnsafeBufferPointer<Double>, anchors: UnsafeBufferPointer<Double>, scale: Double,
        into curvatures: UnsafeMutableBufferPointer<Double>
    ) {
        let count = f.count
        guard let coupling else {
            curvatures.update(repeating: 0)
            for c in 0..<count { curvatures[c * count + c] = curvature(f[c], anchor: anchors[c], scale: scale) }
            return
        }
        Self.forEachPoint(f, anchors, count) { _, u in coupling.function.writeHessian(at: u, into: curvatures) }
        for index in curvatures.indices { curvatures[index] *= scale }
    }

    /// Calls for each point with the place of its first output and its u_c = f_c − m_c.
    private static func forEachPoint(
        _ f: UnsafeBufferPointer<Double>, _ anchors: UnsafeBufferPointer<Double>, _ outputs: Int,
        _ body: (Int, UnsafeBufferPointer<Double>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: outputs) { u in
            for first in stride(from: 0, to: f.count, by: outputs) {
                for c in 0..<outputs { u[c] = f[first + c] - anchors[first + c] }
                body(first, UnsafeBufferPointer(u))
            }
        }
    }
}

extension Loss {
    /// Σ_x Σ_c l of outputs (N, C) with their anchors.
    public func total(_ outputs: some Collection<Double>, anchors: [Double]) -> Double {
        Array(outputs).withUnsafeBufferPointer { f in anchors.withUnsafeBufferPointer { shape.total(f, anchors: $0, scale: scale) } }
    }

    /// ∂l/∂f_c of each point and output, (N, C): N times the slopes of the loss.
    public func slopes(_ outputs: some Collection<Double>, anchors: [Double]) -> [Double] {
        let f = Array(outputs)
        return [Double](unsafeUninitializedCapacity: f.count) { slopes, count in
            f.withUnsafeBufferPointer { f in
                anchors.withUnsafeBufferPointer { shape.writeSlopes(f, anchors: $0, scale: scale, into: slopes) }
            }
            count = f.count
        }
    }

    /// l″ averaged over points and outputs (N, C); of a loss that couples them the greatest eigenvalue of ∂²l/∂f_a∂f_b, averaged over points.
    public func meanCurvature(_ outputs: some Collection<Double>, anchors: [Double]) -> Double {
        let f = Array(outputs)
        guard let coupling = shape.coupling else {
            return f.indices.reduce(0) { $0 + shape.curvature(f[$1], anchor: anchors[$1], scale: scale) } / Double(f.count)
        }
        let count = coupling.outputs
        var curvatures = [Double](repeating: 0, count: count * count), sum = 0.0
        f.withUnsafeBufferPointer { f in
            anchors.withUnsafeBufferPointer { anchors in
                for first in stride(from: 0, to: f.count, by: count) {
                    let point = first..<first + count
                    curvatures.withUnsafeMutableBufferPointer {
                        shape.writeCurvatures(
                            UnsafeBufferPointer(rebasing: f[point]), anchors: UnsafeBufferPointer(rebasing: anchors[point]), scale: scale,
                            into: $0)
                    }
                    sum += (try? SymmetricEigen.eigenvalues(of: curvatures, order: count).values.max()) ?? .nan
                }
            }
        }
        return sum * Double(count) / Double(f.count)
    }
}
