import Networks

/// The forces on the mean field and on the modes of a frozen network: what KS eqs. 23 and 24 put beside 3H f̄′ and 3H δ_i′.
struct ModeForces {
    let spectrum: KernelSpectrum
    let loss: Loss
    let anchor: Double
    let meanField: MeanField
    let equation: ModeEquation
    let backReaction: Bool
    /// κ.
    let rate: Double

    init(_ dynamics: ModeDynamics, meanField: MeanField, equation: ModeEquation, backReaction: Bool) {
        spectrum = dynamics.spectrum
        loss = dynamics.network.loss
        anchor = dynamics.anchor
        self.meanField = meanField
        self.equation = equation
        self.backReaction = backReaction && !loss.shape.isQuadratic
        rate = dynamics.rate(of: meanField)
    }

    /// Writes the force on each mode and returns that on the mean, positive towards smaller values.
    ///
    /// With back-reaction, to second order in δf: w₂ stands for the mean of δf² in the sense of the mean field, v₁·δf²/u₁ or ⟨δf²⟩.
    /// - Parameter scratch: δf² at each point.
    func write(
        mean: Double, modes: UnsafeBufferPointer<Double>, into forces: UnsafeMutableBufferPointer<Double>,
        scratch: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let slope = loss.shape.slope(mean, anchor: anchor, scale: loss.scale)
        let curvature = loss.shape.curvature(mean, anchor: anchor, scale: loss.scale)
        let count = modes.count
        let (eigenvalues, overlaps) = (spectrum.eigenvalues, spectrum.overlaps)
        for i in 0..<count {
            forces[i] = eigenvalues[i] * curvature * modes[i]
            if equation == .sourced { forces[i] -= overlaps[i] * (rate - eigenvalues[i]) * slope }
        }
        guard backReaction else { return rate * slope }

        let half = 0.5 * loss.shape.thirdDerivative(mean, anchor: anchor, scale: loss.scale)
        return spectrum.vectors.withUnsafeBufferPointer { vectors in
            for x in 0..<count {
                var perturbation = 0.0
                for i in 0..<count { perturbation += vectors[x * count + i] * modes[i] }
                scratch[x] = perturbation * perturbation
            }
            var square = 0.0
            if meanField == .leadingMode {
                for x in 0..<count { square += vectors[x * count] * scratch[x] }
                square /= overlaps[0]
            } else {
                for x in 0..<count { square += scratch[x] }
                square /= Double(count)
            }
            for x in 0..<count {
                let push = half * scratch[x]
                for i in 0..<count { forces[i] += eigenvalues[i] * vectors[x * count + i] * push }
            }
            for i in 0..<count { forces[i] -= rate * half * square * overlaps[i] }
            return rate * (slope + half * square)
        }
    }
}
