import Duality
import Engines
import Networks

extension FrozenNetwork {
    /// The network with what a prediction needs of it beside outputs and kernel: for `nlo` its couplings, computed from the initial weights
    /// of its run, and for `frozen` its Jacobian where the update rule is not linear in the gradient.
    /// - Throws: `DualityError.notOneField`, `.kink`, `.jacobian`.
    public func prepared(for prediction: Prediction, _ run: Run) throws(DualityError) -> FrozenNetwork {
        if prediction.needsJacobian(schedule.rule) {
            var network = self
            do { network.jacobian = try run.initialJacobian() } catch { throw .jacobian("\(error)") }
            return network
        }
        guard prediction.needsCouplings else { return self }
        try prediction.check(run.architecture, points: run.inputs.points)
        var network = self
        do {
            network.couplings = try FiniteWidthCouplings(
                architecture: run.architecture, weights: run.initialWeights, sigmaW: run.sigmaW, sigmaB: run.sigmaB, inputs: run.inputs)
        } catch {
            throw .loss(error)
        }
        return network
    }
}

extension Run {
    /// df/dθ at the start, (N·C, P), in Double on the host.
    fileprivate func initialJacobian() throws -> [Double] {
        try HostMemory.require(
            doubles: [[3, inputs.points, architecture.outputs, architecture.parameterCount]], for: "a Jacobian",
            remedy: "use a smaller width")
        let member = Ensemble.Member(source: source, sigmaW: sigmaW, sigmaB: sigmaB)
        let ensemble = try Ensemble(architecture: architecture, members: [member], inputs: [inputs])
        return try CollectedResults(ReferenceEngine(), ensemble, Job(outputs: false, jacobian: true)).jacobians[0]
    }

    /// θ₀: the weights that were given, or those that its seed draws.
    public var initialWeights: Weights {
        switch source {
        case .weights(let weights): weights
        case .seed(let seed): Weights(seed: seed, sigmaW: sigmaW, sigmaB: sigmaB, for: architecture)
        }
    }
}
