import Networks

/// A frozen network on N points as mean fields and their perturbations: f_a(x) = f̄_a + Σ_i v_i(x, a) δ_i, one mean for each of C outputs.
///
/// The fields are the outputs themselves. Where the targets of a power loss differ from point to point the field is what is left of them,
/// f(x) − f_min(x), whose minimum is 0 everywhere.
///
/// Several outputs are several fields with a metric: the means have a matrix κ_ab of rates, C modes go with the means, and each mode of the
/// kernel belongs to all outputs, so that losses whose l″ differs from output to output couple the modes.
public struct ModeDynamics: Sendable, Hashable {
    public let network: FrozenNetwork
    /// The eigenmodes of its kernel.
    public let spectrum: KernelSpectrum
    /// The minimum f_min of each mean field, or v of a double well; C of them.
    public let anchors: [Double]
    /// u_ia = Σ_x v_i(x, a), (N·C, C).
    let overlaps: [Double]
    /// What is subtracted from the outputs to give the field: the targets where they differ, otherwise 0 for each output of each point.
    let origin: [Double]

    /// C.
    public var outputs: Int { network.fields / network.points }
    /// The minimum of the first mean field.
    public var anchor: Double { anchors[0] }

    /// The mode dynamics of a network.
    ///
    /// - Parameters:
    ///   - network: its f(0) is the initial data.
    ///   - spectrum: that of its kernel, if it is known; computed otherwise.
    /// - Throws: `DualityError.outOfRange` for double wells that differ from point to point; `.sizeMismatch` for a spectrum of another
    ///   kernel; `.eigenproblem`.
    public init(network: FrozenNetwork, spectrum: KernelSpectrum? = nil) throws(DualityError) {
        let outputs = network.fields / network.points, first = Array(network.anchors[..<outputs])
        let spread = network.anchors.indices.reduce(0) { max($0, abs(network.anchors[$1] - first[$1 % outputs])) }
        if spread == 0 {
            anchors = first
            origin = [Double](repeating: 0, count: network.fields)
        } else {
            guard network.loss.shape != .doubleWell else {
                throw .outOfRange(
                    what: "the spread of the minima of the double wells", value: spread, limit: "0 for mean field and modes",
                    remedy: "give all points the same minimum, or predict the outputs with a Prediction")
            }
            anchors = first.map { _ in 0 }
            origin = network.anchors
        }
        let own: KernelSpectrum
        if let spectrum { own = spectrum } else { own = try network.spectrum() }
        guard own.points == network.points, own.outputs == outputs else {
            throw .sizeMismatch(
                what: "the spectrum", found: own.order, expected: network.fields, remedy: "give that of this network's kernel")
        }
        self.network = network
        self.spectrum = own
        overlaps = own.outputOverlaps
    }

    /// κ, the rate of f̄″ + 3H f̄′ + κ l′(f̄) = 0 of one output; of several, see `rates(of:)`.
    public func rate(of meanField: MeanField) -> Double {
        meanField == .meanKernel ? spectrum.meanElement : spectrum.leadingEigenvalue
    }

    /// κ_ab of f̄_a″ + 3H f̄_a′ + Σ_b κ_ab l′(f̄_b) = 0.
    /// - Throws: `DualityError.outOfRange` where the leading modes have no means.
    func rates(of meanField: MeanField) throws(DualityError) -> MeanRates {
        try MeanRates(spectrum, overlaps: overlaps, kernel: network.tangentKernel, meanField)
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
        let forces = try ModeForces(self, meanField: meanField, equation: modes, backReaction: backReaction)
        switch dictionary {
        case nil: return recursion(initial, forces)
        case .exact: return try exact(initial, forces)
        case .fourthOrder: throw .noModes(dictionary: .fourthOrder)
        case .paper: return try field(initial, forces, dictionary: .paper)
        case .corrected: return try field(initial, forces, dictionary: .corrected)
        }
    }

    /// Mean fields and modes of a trained trajectory, or of any other.
    ///
    /// - Parameters:
    ///   - trained: outputs at each step, (K + 1, N, C) in row-major order; any number of rows. Values that are not finite spread.
    ///   - meanField: what is called the mean; `arithmetic` and `meanKernel` mean the same here.
    /// - Throws: `DualityError.sizeMismatch`, and `.outOfRange` for `leadingMode` where the leading modes have no means.
    public func modes(of trained: [Double], meanField: MeanField = .leadingMode) throws(DualityError) -> ModeTrajectory {
        let count = network.fields, outputs = outputs
        guard !trained.isEmpty, trained.count.isMultiple(of: count) else {
            throw .sizeMismatch(
                what: "the trained trajectory", found: trained.count, expected: count * max(1, trained.count / count),
                remedy: "give the outputs of each of the \(network.points) points at each step")
        }
        if meanField == .leadingMode, outputs == 1, spectrum.leadingOverlap <= Double.ulpOfOne.squareRoot() {
            throw .outOfRange(
                what: "the overlap |v₁·1|/√N of the leading mode with the mean", value: spectrum.leadingOverlap, limit: "above 1.5e-8",
                remedy: "this kernel's leading mode has no mean (an odd network without bias): use the arithmetic mean")
        }
        let fromModes = try meanField == .leadingMode && outputs > 1 ? rates(of: meanField).fromModes : []
        let rows = trained.count / count
        var means = [Double](repeating: 0, count: rows * outputs)
        var amplitudes = [Double](repeating: 0, count: trained.count)
        var field = [Double](repeating: 0, count: count)
        let vectors = spectrum.vectors
        for row in 0..<rows {
            for x in 0..<count { field[x] = trained[row * count + x] - origin[x] }
            if meanField != .leadingMode {
                for x in 0..<count { means[row * outputs + x % outputs] += field[x] }
                for a in 0..<outputs { means[row * outputs + a] /= Double(network.points) }
            } else {
                for i in 0..<outputs {
                    let whole = (0..<count).reduce(0) { $0 + vectors[$1 * count + i] * field[$1] }
                    for a in 0..<outputs {
                        means[row * outputs + a] += outputs == 1 ? whole / overlaps[0] : fromModes[a * outputs + i] * whole
                    }
                }
            }
            for x in 0..<count {
                let perturbation = field[x] - means[row * outputs + x % outputs]
                for i in 0..<count { amplitudes[row * count + i] += vectors[x * count + i] * perturbation }
            }
        }
        return ModeTrajectory(mean: means, perturbations: amplitudes, overlaps: overlaps, outputs: outputs)
    }

    /// The outputs that a mode trajectory stands for, (K + 1, N, C) in row-major order.
    public func outputs(of trajectory: ModeTrajectory) -> [Double] {
        let count = network.fields, outputs = outputs
        let vectors = spectrum.vectors
        var values = [Double](repeating: 0, count: trajectory.perturbations.count)
        for row in 0..<trajectory.rows {
            for x in 0..<count {
                var value = trajectory.mean[row * outputs + x % outputs] + origin[x]
                for i in 0..<count { value += vectors[x * count + i] * trajectory.perturbations[row * count + i] }
                values[row * count + x] = value
            }
        }
        return values
    }
}
