import Duality
import Engines
import Networks

extension FrozenNetwork {
    /// The network with what a prediction needs of it beside outputs and kernel: for `nlo` its couplings, computed from the initial weights
    /// of its run.
    /// - Throws: `DualityError.notOneField`, `.kink`.
    public func prepared(for prediction: Prediction, _ run: Run) throws(DualityError) -> FrozenNetwork {
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
    /// θ₀: the weights that were given, or those that its seed draws.
    public var initialWeights: Weights {
        switch source {
        case .weights(let weights): weights
        case .seed(let seed): Weights(seed: seed, sigmaW: sigmaW, sigmaB: sigmaB, for: architecture)
        }
    }
}
