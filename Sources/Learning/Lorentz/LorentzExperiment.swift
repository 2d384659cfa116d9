import Figures
import Foundation
import Networks

/// Lorentz symmetry from the balance of entropy production and destruction (arXiv:2111.00903, sec. 5), measured on networks that sit on a
/// line: how far their responses are from functions of the interval alone.
public struct LorentzExperiment: LearningExperiment {
    public let name = "lorentz"
    public let title = "Lorentz symmetry of networks on a lattice against the balance of entropy"
    public let claimed = """
        where the production of entropy by noise and its destruction by learning balance, the dynamics of neurons is Lorentz-invariant, and \
        the difference of the two is the metric of space-time
        """
    public var simulated: String {
        """
        local recurrent networks x(t+1) = Wx(t) − (1 − Γ)x(t−1) of \(Self.sites) neurons that answer a smooth kick, at entropy imbalances \
        Γ = 0 to 0.03 and with a diffusive network as control; networks of two kinds of neurons that learn nothing but balance, beside random \
        ones; signatures of production − destruction beside those of random matrices
        """
    }

    let options: LearningOptions
    /// A, M and the width of the source, in sites.
    let coupling, massSquared, width: Double

    /// Γ of the scan.
    static let imbalances = [0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2]
    /// Other widths of the source, in units of the stated one.
    static let widths = [0.6, 2, 4]
    static let sites = 2400
    static let steps = 1100
    /// Which τ count.
    static let intervals = 60.0...400.0
    /// How much finer lattices are, of which the source has √f of the width.
    var refinements: [Int] { options.quick ? [1, 2] : [1, 2, 4] }
    /// Networks of two kinds of neurons of each sort.
    var pairs: Int { options.quick ? 100 : 400 }
    /// Forms of each ensemble and size.
    var forms: Int { options.quick ? 500 : 2000 }

    /// The experiment.
    ///
    /// Options: `coupling` A (0.25), `massSquared` M (0.0016) and `width` of the source (2.5 sites).
    /// - Throws: `LearningError.outOfRange` for an unstable lattice and a source wider than a tenth of it.
    public init(_ options: LearningOptions) throws {
        self.options = options
        coupling = options.coupling ?? 0.25
        massSquared = options.massSquared ?? 0.0016
        width = options.width ?? 2.5
        // What cannot be is refused before any work.
        let shape = try LatticeShape([Self.sites])
        for imbalance in Self.imbalances { _ = try network(shape, imbalance: imbalance) }
        for factor in [1] + Self.widths { _ = try LatticeWave(kick: network(shape), width: factor * width) }
        _ = try LatticeNetwork(diffusing: coupling, shape: shape)
        // Light must not come around the lattice before the last step that counts.
        let last = Double(BoostResidual.lastStep(Self.intervals)) * coupling.squareRoot()
        guard last < Double(Self.sites / 2) else {
            throw LearningError.outOfRange(
                name: "the coupling A of the lattice", value: "\(coupling)",
                limit: "such that √A · \(BoostResidual.lastStep(Self.intervals)) "
                    + "steps stay within half of \(Self.sites) sites", remedy: "lower --coupling")
        }
    }

    private func network(_ shape: LatticeShape, finer: Int = 1, imbalance: Double = 0) throws -> LatticeNetwork {
        try LatticeNetwork(
            shape: shape, coupling: coupling, massSquared: massSquared / Double(finer * finer), imbalance: imbalance)
    }

    /// A response and what it was of.
    struct Response {
        enum Kind: String { case imbalance, diffusive, width, refinement, sameSource = "refinement, same source", learned }

        var kind: Kind
        var imbalance = 0.0
        var width: Double
        var finer = 1
        /// σ of the recordings that a learned network had.
        var noise = 0.0
        var residual: Double
        /// x at constant |s|/ct, against τ, each as a list; of those that a figure shows.
        var rays: [(speed: Double, intervals: [Double], values: [Double])] = []
    }

    public func report(on device: LearningDevice) throws -> LearningReport {
        let lattice = try device.lattice()
        try device.proceed("lorentz: responses at \(Self.imbalances.count) imbalances")
        var responses = try imbalanced(lattice)
        try device.proceed("lorentz: finer lattices")
        responses += try refined(lattice)
        try device.proceed("lorentz: lattices that learn from recordings")
        responses += try learned(lattice, on: device)
        try device.proceed("lorentz: \(pairs) networks that learn balance")
        let pairs = try PairScan(count: pairs, options: options)
        try device.proceed("lorentz: signatures of \(forms) forms")
        let signatures = try [4, 8].flatMap { order in
            try SignatureScan.Ensemble.allCases.map {
                try SignatureScan($0, dimensions: order, trials: forms, seed: options.key(.signatures))
            }
        }
        let findings = Findings(responses: responses, pairs: pairs, signatures: signatures)
        return LearningReport(
            figure: try figure(findings), claims: claims(findings),
            notes: ["setting: " + setting, "entropy per neuron and step is ln(1 − Γ)"])
    }

    /// What was measured.
    struct Findings {
        let responses: [Response]
        let pairs: PairScan
        let signatures: [SignatureScan]

        func residuals(_ kind: Response.Kind) -> [Response] { responses.filter { $0.kind == kind } }
        var balanced: Double { residuals(.imbalance)[0].residual }
        var diffusive: Double { residuals(.diffusive)[0].residual }
    }

    var setting: String {
        "A = \(coupling), M = \(massSquared), \(Self.sites) sites, \(Self.steps) steps, source of width \(width), "
            + "\(Int(Self.intervals.lowerBound)) < τ < \(Int(Self.intervals.upperBound)), |s|/ct < \(BoostResidual.largestSpeed)"
    }

    private func imbalanced(_ lattice: any LatticeEngine) throws -> [Response] {
        let shape = try LatticeShape([Self.sites])
        var responses = Self.imbalances.map { Response(kind: .imbalance, imbalance: $0, width: width, residual: 0) }
        var waves = try Self.imbalances.map { try LatticeWave(kick: network(shape, imbalance: $0), width: width) }
        responses.append(Response(kind: .diffusive, imbalance: 1, width: width, residual: 0))
        waves.append(try LatticeWave(kick: LatticeNetwork(diffusing: coupling, shape: shape), width: width))
        for factor in Self.widths {
            responses.append(Response(kind: .width, width: factor * width, residual: 0))
            waves.append(try LatticeWave(kick: network(shape), width: factor * width))
        }
        return try measure(responses, waves, lattice)
    }

    private func refined(_ lattice: any LatticeEngine) throws -> [Response] {
        try refinements.dropFirst().flatMap { finer in
            let shape = try LatticeShape([Self.sites * finer]), network = try network(shape, finer: finer)
            let responses = [
                Response(kind: .refinement, width: width * Double(finer).squareRoot(), finer: finer, residual: 0),
                Response(kind: .sameSource, width: width * Double(finer), finer: finer, residual: 0),
            ]
            return try measure(responses, responses.map { try LatticeWave(kick: network, width: $0.width) }, lattice)
        }
    }

    /// Noise of the recordings that lattices learn from, and lattices of each.
    static let noises = [1e-3, 1e-1]
    var lattices: Int { options.quick ? 2 : 4 }

    /// Lattices whose weights are learned from recordings of the balanced one, site by site.
    private func learned(_ lattice: any LatticeEngine, on device: LearningDevice) throws -> [Response] {
        let lessons = try lessons()
        let waves = try device.networks(after: lessons).map { try LatticeWave(kick: $0, width: width) }
        return try measure(lessons.map { Response(kind: .learned, width: width, noise: $0.noise, residual: 0) }, waves, lattice)
    }

    public func processes() throws -> [LearningProcess] { try lessons().map { .lattice($0) } }

    private func lessons() throws -> [LatticeLesson] {
        let teacher = try network(LatticeShape([Self.sites]))
        return try (0..<lattices).flatMap { number in
            try Self.noises.map { noise in
                try LatticeLesson(
                    teacher: teacher, steps: options.quick ? 500 : 2000, recordings: 16, learningRate: 0.15, noise: noise,
                    seed: options.key(.lessons, number))
            }
        }
    }

    private func measure(_ responses: [Response], _ waves: [LatticeWave], _ lattice: any LatticeEngine) throws -> [Response] {
        var responses = responses
        let finer = responses[0].finer, middle = waves[0].network.shape.sites / 2, speed = coupling.squareRoot()
        let intervals = Self.intervals.lowerBound * Double(finer)...Self.intervals.upperBound * Double(finer)
        var residuals = responses.map { _ in BoostResidual(speed: speed, middle: middle, intervals: intervals) }
        for place in responses.indices { responses[place].rays = [0, 0.4, 0.8].map { ($0, [], []) } }
        try lattice.fields(of: waves, steps: min(Self.steps * finer, BoostResidual.lastStep(intervals))) { wave, step, field in
            residuals[wave].add(step: step, field)
            guard finer == 1 else { return }
            for (place, ray) in responses[wave].rays.enumerated() {
                let distance = (ray.speed * speed * Double(step)).rounded(.down), site = middle + Int(distance)
                let interval = (Double(step * step) - pow(distance / speed, 2)).squareRoot()
                guard interval < Self.intervals.upperBound, site < field.count else { continue }
                responses[wave].rays[place].intervals.append(interval)
                responses[wave].rays[place].values.append(field[site])
            }
        }
        for place in responses.indices { responses[place].residual = residuals[place].value }
        return responses
    }
}
