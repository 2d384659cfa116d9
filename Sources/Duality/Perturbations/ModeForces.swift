import Networks

/// The forces on the mean fields and on the modes of a frozen network: what KS eqs. 23 and 24 put beside 3H f̄′ and 3H δ_i′, for C outputs
///
///     Σ_b κ_ab l′_b  and  L_i v_i·(l″ δf) − Σ_a u_ia [(κ l′)_a − L_i l′_a],   l′_a = l′(f̄_a).
struct ModeForces {
    let spectrum: KernelSpectrum
    let loss: Loss
    /// The minimum of each mean field.
    let anchors: [Double]
    let meanField: MeanField
    let equation: ModeEquation
    let backReaction: Bool
    let rates: MeanRates
    /// u_ia.
    let overlaps: [Double]

    init(_ dynamics: ModeDynamics, meanField: MeanField, equation: ModeEquation, backReaction: Bool) throws(DualityError) {
        spectrum = dynamics.spectrum
        loss = dynamics.network.loss
        anchors = dynamics.anchors
        self.meanField = meanField
        self.equation = equation
        self.backReaction = backReaction && !loss.shape.isQuadratic
        guard !backReaction || loss.shape.coupling == nil else { throw .coupledLoss(prediction: "the back-reaction of modes") }
        overlaps = dynamics.overlaps
        rates = try dynamics.rates(of: meanField)
    }

    private var outputs: Int { rates.outputs }

    /// Numbers of scratch.
    var scratchCount: Int { spectrum.order + 2 * outputs + outputs * outputs }

    /// Writes the force on each mean field and each mode, positive towards smaller values.
    ///
    /// With back-reaction, to second order in δf: ½ l‴ δf² acts on each mode, and on the means as its mean in the sense of the mean field,
    /// by the leading modes or arithmetic.
    func write(
        mean: UnsafeBufferPointer<Double>, modes: UnsafeBufferPointer<Double>, onMean: UnsafeMutableBufferPointer<Double>,
        into forces: UnsafeMutableBufferPointer<Double>, scratch: UnsafeMutableBufferPointer<Double>
    ) {
        let count = modes.count, eigenvalues = spectrum.eigenvalues
        let field = UnsafeMutableBufferPointer(rebasing: scratch[..<count])
        let slopes = UnsafeMutableBufferPointer(rebasing: scratch[count..<count + outputs])
        let push = UnsafeMutableBufferPointer(rebasing: scratch[count + outputs..<count + 2 * outputs])
        anchors.withUnsafeBufferPointer { loss.shape.writeSlopes(mean, anchors: $0, scale: loss.scale, into: slopes) }
        drive(slopes, into: onMean)
        if outputs == 1 {
            let curvature = loss.shape.curvature(mean[0], anchor: anchors[0], scale: loss.scale)
            for i in 0..<count { forces[i] = eigenvalues[i] * curvature * modes[i] }
        } else {
            perturbation(of: modes, into: field)
            let curvatures = UnsafeMutableBufferPointer(rebasing: scratch[(count + 2 * outputs)...])
            anchors.withUnsafeBufferPointer { loss.shape.writeCurvatures(mean, anchors: $0, scale: loss.scale, into: curvatures) }
            for first in stride(from: 0, to: count, by: outputs) {
                for a in 0..<outputs {
                    push[a] = 0
                    for b in 0..<outputs { push[a] += curvatures[a * outputs + b] * field[first + b] }
                }
                for a in 0..<outputs { field[first + a] = push[a] }
            }
            for i in 0..<count { forces[i] = eigenvalues[i] * component(i, of: field) }
        }
        if equation == .sourced {
            for i in 0..<count {
                for a in 0..<outputs { forces[i] -= overlaps[i * outputs + a] * (onMean[a] - eigenvalues[i] * slopes[a]) }
            }
        }
        guard backReaction else { return }

        perturbation(of: modes, into: field)
        for row in 0..<count {
            let a = row % outputs
            field[row] *= 0.5 * loss.shape.thirdDerivative(mean[a], anchor: anchors[a], scale: loss.scale) * field[row]
        }
        for a in 0..<outputs { slopes[a] = averaged(field, output: a) }
        drive(slopes, into: push)
        for i in 0..<count {
            forces[i] += eigenvalues[i] * component(i, of: field)
            for a in 0..<outputs { forces[i] -= overlaps[i * outputs + a] * push[a] }
        }
        for a in 0..<outputs { onMean[a] += push[a] }
    }

    /// κ v.
    private func drive(_ vector: UnsafeMutableBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) {
        for a in 0..<outputs {
            result[a] = 0
            for b in 0..<outputs { result[a] += rates.matrix[a * outputs + b] * vector[b] }
        }
    }

    /// δf of each point and output.
    private func perturbation(of modes: UnsafeBufferPointer<Double>, into field: UnsafeMutableBufferPointer<Double>) {
        let count = modes.count
        spectrum.vectors.withUnsafeBufferPointer { vectors in
            for row in 0..<count {
                var sum = 0.0
                for i in 0..<count { sum += vectors[row * count + i] * modes[i] }
                field[row] = sum
            }
        }
    }

    /// v_i·field.
    private func component(_ mode: Int, of field: UnsafeMutableBufferPointer<Double>) -> Double {
        let count = field.count
        return spectrum.vectors.withUnsafeBufferPointer { vectors in
            var sum = 0.0
            for row in 0..<count { sum += vectors[row * count + mode] * field[row] }
            return sum
        }
    }

    /// The mean of an output of a field, as the mean fields are.
    private func averaged(_ field: UnsafeMutableBufferPointer<Double>, output: Int) -> Double {
        guard meanField == .leadingMode else {
            return stride(from: output, to: field.count, by: outputs).reduce(0) { $0 + field[$1] } / Double(spectrum.points)
        }
        guard outputs > 1 else { return component(0, of: field) / overlaps[0] }
        return (0..<outputs).reduce(0) { $0 + rates.fromModes[output * outputs + $1] * component($1, of: field) }
    }
}
