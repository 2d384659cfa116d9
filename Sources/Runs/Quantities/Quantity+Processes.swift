import Engines
import Learning
import Networks

extension Quantity {
    /// What is known of a process before it is run; none of networks.
    static let processParameters: [Definition<Run>] = [
        .init("networks", "E", "Networks of an ensemble, from each initial density where there are several; none of single networks") {
            $0.lesson == nil ? $0.process.map { Double($0.networks) } : nil
        },
        .init("starts", nil, "Initial densities of an ensemble") { $0.ensemble.map { Double($0.starts.count) } },
        .init("neurons", "N", "Fast neurons of each network of an ensemble") { $0.process?.network.map { Double($0.neurons) } },
        .init("stiffness", "κ", "How stiffly the fast neurons of an ensemble are bound") { $0.process?.network?.stiffness },
        .init("inverseTemperature", "β", "Inverse temperature of the fast neurons of an ensemble") {
            $0.process?.network?.inverseTemperature
        },
        .init("weightDecay", "λ", "Factor of the loss λw²/2 of an ensemble") { $0.process?.network?.weightDecay },
        .init("batch", "B", "Data of a step of an ensemble") {
            if case .circulation(let circulation)? = $0.process { Double(circulation.batch) } else { $0.ensemble.map { Double($0.batch) } }
        },
        .init("noise", nil, "Standard deviation of what is added to each gradient of an ensemble, and to recordings of a lattice") {
            $0.lesson?.noise ?? $0.ensemble?.noise
        },
        .init("diffusion", "D₀", "Diffusion of an ensemble's weights but for the noise of mini-batches") {
            if case .birthDeath(let process)? = $0.process { process.diffusion } else { $0.ensemble?.diffusion }
        },
        .init("stepTime", nil, "Time that passes in a step of an ensemble: η for descent") {
            if case .birthDeath(let process)? = $0.process { process.timeStep } else { $0.ensemble?.timeStep }
        },
        .init("otherLearningRate", nil, "Step of the second setting of an ensemble's networks; none of those that have one setting") {
            run in
            run.ensemble?.alternative.flatMap { other in (run.training?.schedule.learningRates[0]).map { $0 * other.stepRatio } }
        },
        .init("otherBatch", nil, "Its mini-batch") { $0.ensemble?.alternative.map { Double($0.batch) } },
        .init("otherNeurons", nil, "Its fast neurons") { $0.ensemble?.alternative.map { Double($0.neurons) } },
        .init("renewal", nil, "Probability with which such a network draws its setting before a step") {
            $0.ensemble?.alternative?.renewal
        },
        .init("turning", "m", "Part of the gradient that is turned by a right angle, of a circulation; none of all else") {
            if case .circulation(let circulation)? = $0.process { circulation.turning } else { nil }
        },
        .init("mirrored", nil, "1 where data of a circulation are of both hands, 0 where they are of one; none of all else") {
            if case .circulation(let circulation)? = $0.process { circulation.isMirrored ? 1 : 0 } else { nil }
        },
        .init("warmUp", nil, "Steps of a circulation, or of births and deaths, before anything is counted; none of all else") {
            switch $0.process {
            case .circulation(let circulation)?: Double(circulation.warmUp)
            case .birthDeath(let process)?: Double(process.warmUp)
            case .ensemble?, .lattice?, nil: nil
            }
        },
        .init("sites", nil, "Neurons of a lattice; none of all else") { $0.lesson.map { Double($0.teacher.shape.sites) } },
        .init("latticeCoupling", "A", "Square of the speed of waves on the lattice that is recorded, the mean over sites") {
            $0.lesson?.meanCoefficients.coupling
        },
        .init("latticeMass", "M", "Square of the mass of these waves, the mean over sites") { $0.lesson?.meanCoefficients.massSquared },
        .init("recordings", nil, "Recordings that a lattice hears at each step") { $0.lesson.map { Double($0.recordings) } },
        .init("smoothing", nil, "How stiffly weights of neighbours on a lattice are bound to each other") { $0.lesson?.smoothing },
    ]

    /// What came of it.
    static let processDefinitions: [Definition<ProcessState>] = [
        .init("meanWeight", "⟨w⟩", "Mean weight of an ensemble after training, over all initial densities") { $0.mean },
        .init("weightVariance", "⟨w²⟩ − ⟨w⟩²", "Variance of its weights after training, over all initial densities") { $0.variance },
        .init("driftSlope", nil, "Slope of an ensemble's drift against −∂F/∂w, 1 by Fokker and Planck; none but of descent") {
            $0.found?.drift?.slope
        },
        .init("driftSlopeError", nil, "Standard error of driftSlope") { $0.found?.drift?.error },
        .init("driftResidual", nil, "What is left of the drift, over its noise floor; none but of descent") { $0.found?.drift?.residual },
        .init("diffusionError", nil, "Root mean square of D over D₀ + η Var(∂H/∂w)/2B less 1; none but of descent") {
            $0.found?.diffusionError
        },
        .init("totalVariation", nil, "Greatest total variation to the Fokker–Planck equation; none but of descent") {
            $0.found?.totalVariation?.value
        },
        .init("samplingFloor", nil, "What sampling alone gives of totalVariation") { $0.found?.totalVariation?.floor },
        .init("chi", "χ = ħ²/4D²", "Coefficient of the quantum potential; none of fewer than five initial densities") {
            $0.found?.quantumness?.chi
        },
        .init("chiError", nil, "Standard error of chi") { $0.found?.quantumness?.error },
        .init("chiResidual", nil, "What is left of the accelerations, over their size; there is no closure above 0.15") {
            $0.found?.quantumness?.residual
        },
        .init("quanta", "n = Ω/2D_φ", "Quanta of a circulation, mean angular velocity over twice the angular diffusion; none of all else") {
            $0.circulation?.quanta
        },
        .init("quantaError", nil, "Standard error of quanta") { $0.circulation?.standardError },
        .init("groundEnergy", "E", "Level of networks that are born and die; none of all else") { $0.births?.energy },
        .init("groundEnergyError", nil, "Standard error of groundEnergy") { $0.births?.standardError },
        .init("operatorEnergy", "E₀", "Lowest level of −D ∂² + F/2D, over the least F/2D, with which groundEnergy is compared") {
            $0.births?.exact
        },
        .init("groundVariation", nil, "Total variation of their density to the ground state ψ₀ of that operator") {
            $0.births?.totalVariation
        },
        .init("weightError", nil, "Root mean square over sites of what a lattice that learned is off the one that was recorded") {
            $0.weightError
        },
    ]
}

extension Run {
    /// The lesson of a lattice; nil of all else.
    fileprivate var lesson: LatticeLesson? { if case .lattice(let lesson)? = process { lesson } else { nil } }
}

extension Quantity.Definition<Run> {
    /// The same of networks, and of processes nothing, unless it is of any training.
    var ofNetworks: Self {
        guard !["seed", "learningRate", "momentum", "steps"].contains(name) else { return self }
        let measure = measure
        return .init(name, symbol, meaning) { $0.process == nil ? measure($0) : nil }
    }
}
