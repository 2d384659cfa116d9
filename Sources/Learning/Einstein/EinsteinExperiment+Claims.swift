import Arrays
import Figures

extension EinsteinExperiment {
    func claims(_ findings: Findings) throws -> [Claim] {
        [algebra(findings), multiplier(findings), form(findings)]
            + (try [0, 1].map { try spectrum($0, findings) })
            + (try [0, 1].map { try positiveControl($0, findings) }) + undefined
    }

    private func algebra(_ findings: Findings) -> Claim {
        let expected = [1.0, -2, 2, -1]
        return .judged(
            name, "The Γ-Γ form of the action is isotropic, with the coefficients of Fierz and Pauli",
            "largest distance of its coefficients from 1 : −2 : 2 : −1 ≤ 1e-9", zip(findings.ratios, expected).map { abs($0 - $1) }.max(),
            .atMost(1e-9), basis: .construction,
            detail: "mathematics alone: nothing measures this tensor in a network; largest residual \(Claim.number(findings.ratioResidual))"
        )
    }

    private func multiplier(_ findings: Findings) -> Claim {
        let first = findings.universe.firstIntegral
        return .judged(
            name, "Λ is the multiplier of the number of neurons",
            "largest |dS/dN / Λ − 1| of universes with Λ from "
                + "\(Self.lambdas.first!) to \(Self.lambdas.last!) ≤ 1e-3", findings.slopes.map { abs($0.slope / $0.lambda - 1) }.max(),
            .atMost(1e-3), basis: .construction,
            detail: "dS/dN = \(Claim.number(findings.slopes[1].slope)) at Λ = \(findings.slopes[1].lambda); the first integral is "
                + "\(Claim.number(first.mean)), constant to \(Claim.number(first.scatter)) and not 0: Friedmann's equation with dust, as the lapse "
                + "is not varied")
    }

    private func form(_ findings: Findings) -> Claim {
        .judged(
            name, "In three dimensions of space the action of a static lattice is (3/2)(∂m)² − 2∂m·∂a + (1/2)(∂a)²",
            "mean of √−g R over a torus / mean of the form − 1 ≤ 1e-4, fields of 1e-3", findings.formDeviation, .atMost(1e-4),
            basis: .construction,
            detail:
                "not degenerate, determinant −1/4, so that both combinations are to have spectra of k^{−2}; indefinite: the conformal mode")
    }

    private func label(_ combination: Int) -> String {
        let value = MetricForm.combinations[combination].eigenvalue
        return "\(MetricForm.name(combination)) (eigenvalue \(Claim.number(value)))"
    }

    private func slopes(_ spectra: [MetricSpectrum], _ combination: Int) throws -> SeedMean {
        try SeedMean(spectra.map { try $0.slope(combination) })
    }

    private var waves: String { "0.15 < k < 1.2, \(shape.sizes[0])³ neurons" }

    private func spectrum(_ combination: Int, _ findings: Findings) throws -> Claim {
        let null = try slopes(findings.independent, combination)
        return .judged(
            name, "Metrics of learned lattices vary as the Einstein–Hilbert action has it (not established): \(label(combination))",
            "mean exponent of the spectrum of \(lattices) lattices within −2.2 to −1.8; \(waves)" + (options.quick ? ", quick" : ""),
            try slopes(findings.learned, combination), .within(-2.2 ... -1.8), control: .init(null.mean, "independent weights"),
            detail: "neurons that learn site by site have independent errors, a spectrum of exponent 0")
    }

    private func positiveControl(_ combination: Int, _ findings: Findings) throws -> Claim {
        .judged(
            name, "The measurement finds k^{−2} where it is put in by hand: \(label(combination))",
            "mean exponent of \(smooth) lattices whose weights descend (λ/2) Σ(w − w')² over neighbours as well, λ = \(Int(Self.smoothing)), "
                + "within −2.2 to −1.8; \(waves)", try slopes(findings.smoothed, combination), .within(-2.2 ... -1.8),
            control: .init(try slopes(findings.learned, combination).mean, "λ = 0"), basis: .synthesis,
            detail: "the regulariser is the answer, −2 but for a few hundredths, as λk² is not infinite")
    }

    private var undefined: [Claim] {
        [
            .undefined(
                name, "The entropy production of a network is an Onsager tensor of six indices", "none",
                detail: "no definition of the tensor, or of the energy and momentum of neurons, by which either could be measured"),
            .undefined(
                name, "Quantum mechanics and gravity are dual descriptions of one learning system", "none",
                detail: "no operational definition in reach: nothing says which number of a network would differ if it were not so"),
        ]
    }
}
