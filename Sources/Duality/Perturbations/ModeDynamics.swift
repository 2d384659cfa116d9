import Networks

/// A frozen network with one output on N points as a mean field and its perturbations: f(x) = f̄ + Σ_i v_i(x) δ_i.
///
/// The field is the output itself. Where the targets of a power loss differ from point to point the field is what is left of them,
/// f(x) − f_min(x), whose minimum is 0 everywhere.
public struct ModeDynamics: Sendable, Hashable {
    public let network: FrozenNetwork
    /// The eigenmodes of its kernel.
    public let spectrum: KernelSpectrum
    /// The minimum f_min of the field, or v of a double well.
    public let anchor: Double
    /// What is subtracted from the outputs to give the field: the targets where they differ, otherwise 0 at each point.
    let origin: [Double]

    /// The mode dynamics of a network.
    ///
    /// - Parameters:
    ///   - network: one output; its f(0) is the initial data.
    ///   - spectrum: that of its kernel, if it is known; computed otherwise.
    /// - Throws: `DualityError.outOfRange` for several outputs, or double wells that differ from point to point;
    ///   `.sizeMismatch` for a spectrum of another kernel; `.eigenproblem`.
    public init(network: FrozenNetwork, spectrum: KernelSpectrum? = nil) throws(DualityError) {
        guard network.fields == network.points else {
            throw .outOfRange(
                what: "the number of outputs", value: Double(network.fields / network.points), limit: "1 for mean field and modes",
                remedy: "predict all outputs together with a Prediction, which takes the full kernel")
        }
        let anchors = network.anchors
        let (least, greatest) = (anchors.min() ?? 0, anchors.max() ?? 0)
        if least == greatest {
            anchor = least
            origin = [Double](repeating: 0, count: network.points)
        } else {
            guard case .evenPower = network.loss.shape else {
                throw .outOfRange(
                    what: "the spread of the minima of the double wells", value: greatest - least, limit: "0 for mean field and modes",
                    remedy: "give all points the same minimum, or predict the outputs with a Prediction")
            }
            anchor = 0
            origin = anchors
        }
        let own: KernelSpectrum
        if let spectrum { own = spectrum } else { own = try network.spectrum() }
        guard own.order == network.points else {
            throw .sizeMismatch(
                what: "the spectrum", found: own.order, expected: network.points, remedy: "give that of this network's kernel")
        }
        self.network = network
        self.spectrum = own
    }

    /// κ, the rate of f̄″ + 3H f̄′ + κ l′(f̄) = 0.
    public func rate(of meanField: MeanField) -> Double {
        meanField == .meanKernel ? spectrum.meanElement : spectrum.leadingEigenvalue
    }

    /// Mean field and modes at t_k = k√η, k = 0…K.
    ///
    /// - Parameters:
    ///   - dictionary: the field theory, integrated to a relative tolerance of 1e-12, which leaves some 1e-9 of the travel under
    ///     strong friction (`exact`: in closed form, quadratic losses only); nil for the recursion of training itself. Default the corrected one.
    ///   - modes: the equation of the modes. Default with its source.
    ///   - backReaction: whether perturbations act on the mean field and on each other, to second order (Hartree): with
    ///     w₂ = v₁·δf²/u₁ the mean feels κ[l′ + ½ l‴ w₂], a mode ½ l‴ (L_i v_i·δf² − κ w₂ u_i) more. It goes beyond KS and changes
    ///     nothing for quadratic losses. Default off.
    ///   - meanField: what is called the mean. Default the leading mode.
    /// - Throws: `DualityError`.
    public func predict(
        dictionary: DualityDictionary? = .standard, modes: ModeEquation = .sourced, backReaction: Bool = false,
        meanField: MeanField = .leadingMode
    ) throws(DualityError) -> ModeTrajectory {
        let initial = try self.modes(of: network.outputs, meanField: meanField)
        let forces = ModeForces(self, meanField: meanField, equation: modes, backReaction: backReaction)
        switch dictionary {
        case nil: return recursion(initial, forces)
        case .exact: return try exact(initial, forces)
        case .fourthOrder: throw .noModes(dictionary: .fourthOrder)
        case .paper: return try field(initial, forces, dictionary: .paper)
        case .corrected: return try field(initial, forces, dictionary: .corrected)
        }
    }

    /// Mean field and modes of a trained trajectory, or of any other.
    ///
    /// - Parameters:
    ///   - trained: outputs at each step, (K + 1, N) in row-major order; any number of rows. Values that are not finite spread.
    ///   - meanField: what is called the mean; `arithmetic` and `meanKernel` mean the same here.
    /// - Throws: `DualityError.sizeMismatch`, and `.outOfRange` for `leadingMode` where v₁ has no mean.
    public func modes(of trained: [Double], meanField: MeanField = .leadingMode) throws(DualityError) -> ModeTrajectory {
        let count = network.points
        guard !trained.isEmpty, trained.count.isMultiple(of: count) else {
            throw .sizeMismatch(
                what: "the trained trajectory", found: trained.count, expected: count * max(1, trained.count / count),
                remedy: "give one output for each of the \(count) points at each step")
        }
        if meanField == .leadingMode, spectrum.leadingOverlap <= Double.ulpOfOne.squareRoot() {
            throw .outOfRange(
                what: "the overlap |v₁·1|/√N of the leading mode with the mean", value: spectrum.leadingOverlap, limit: "above 1.5e-8",
                remedy: "this kernel's leading mode has no mean (an odd network without bias): use the arithmetic mean")
        }
        let rows = trained.count / count
        var means = [Double](repeating: 0, count: rows)
        var amplitudes = [Double](repeating: 0, count: trained.count)
        var field = [Double](repeating: 0, count: count)
        let vectors = spectrum.vectors
        for row in 0..<rows {
            var mean = 0.0
            for x in 0..<count {
                field[x] = trained[row * count + x] - origin[x]
                mean += meanField == .leadingMode ? vectors[x * count] * field[x] : field[x]
            }
            mean /= meanField == .leadingMode ? spectrum.overlaps[0] : Double(count)
            means[row] = mean
            for x in 0..<count {
                let perturbation = field[x] - mean
                for i in 0..<count { amplitudes[row * count + i] += vectors[x * count + i] * perturbation }
            }
        }
        return ModeTrajectory(mean: means, perturbations: amplitudes, overlaps: spectrum.overlaps)
    }

    /// The outputs that a mode trajectory stands for, (K + 1, N) in row-major order.
    public func outputs(of trajectory: ModeTrajectory) -> [Double] {
        let count = network.points
        let vectors = spectrum.vectors
        var outputs = [Double](repeating: 0, count: trajectory.perturbations.count)
        for row in 0..<trajectory.mean.count {
            for x in 0..<count {
                var value = trajectory.mean[row] + origin[x]
                for i in 0..<count { value += vectors[x * count + i] * trajectory.perturbations[row * count + i] }
                outputs[row * count + x] = value
            }
        }
        return outputs
    }
}
