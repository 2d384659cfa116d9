import Arrays
import Figures
import Foundation

extension LorentzExperiment {
    func claims(_ findings: Findings) -> [Claim] {
        [
            balance(findings), monotony(findings), diffusion(findings), refinement(findings), timeDilation, learning(findings),
            dispersion(findings),
        ] + findings.signatures.filter { $0.ensemble == .learning }.map { signature($0, findings) } + [dimension]
    }

    private func balance(_ findings: Findings) -> Claim {
        let widths = findings.residuals(.width).map { "\(Claim.number($0.residual)) at width \(Claim.number($0.width))" }
        return .judged(
            name, "Networks that balance production and destruction of entropy answer in a Lorentz-invariant way",
            "boost residual ≤ 1e-3 at Γ = 0; \(setting)", findings.balanced, .atMost(1e-3),
            control: .init(findings.diffusive, "diffusive network"),
            detail: "deterministic, so without a standard error; other sources: \(widths.joined(separator: ", "))")
    }

    private func monotony(_ findings: Findings) -> Claim {
        let scan = findings.residuals(.imbalance)
        let least = zip(scan, scan.dropFirst()).map { $1.residual / $0.residual }.min()
        return .judged(
            name, "An imbalance of entropy breaks the symmetry, the more the larger it is",
            "least ratio of boost residuals at successive Γ > 1", least, .moreThan(1), control: .init(1, "no dependence on Γ"),
            detail: scan.map { "\(Claim.number($0.residual)) at Γ = \(Claim.number($0.imbalance))" }.joined(separator: ", "))
    }

    private func diffusion(_ findings: Findings) -> Claim {
        .judged(
            name, "Nothing is left of the symmetry where entropy is only destroyed", "boost residual of x(t+1) = (1 + A∇²)x(t) > 0.5",
            findings.diffusive, .moreThan(0.5), control: .init(findings.balanced, "balanced network"))
    }

    private func refinement(_ findings: Findings) -> Claim {
        func ratios(_ kind: Response.Kind) -> [Double] {
            let all = [findings.balanced] + findings.residuals(kind).map(\.residual)
            return zip(all, all.dropFirst()).map { $1 / $0 }
        }
        let finest = findings.residuals(.refinement)
        return .judged(
            name, "What is left at balance is the lattice and the source, and goes as both are refined",
            "largest ratio of boost residuals where lattices are twice as fine, sources √2 times as wide in sites ≤ 0.5; finer by up to "
                + "\(refinements.last!)", ratios(.refinement).max(), .atMost(0.5),
            control: ratios(.sameSource).max().map { .init($0, "the lattice refined, the source not") },
            detail: finest.map { "\(Claim.number($0.residual)) at \($0.finer)" }.joined(separator: ", "))
    }

    /// How much longer a mode of wave number 0.3 lives than one at rest, in a network of Γ = 0.01, by the eigenvalues λ of its weights:
    /// λ² − (2 − κ − Γ)λ + 1 − Γ = 0, κ = 2A(1 − cos k) + M.
    private var timeDilation: Claim {
        let imbalance = 0.01
        func mode(_ k: Double) -> (frequency: Double, rate: Double) {
            let half = (2 - 2 * coupling * (1 - cos(k)) - massSquared - imbalance) / 2, product = 1 - imbalance
            let root = Complex(half * half - product, 0).squareRoot, value = Complex(half, 0) + root
            return (abs(value.angle), -log(value.square) / 2)
        }
        let (rest, moving) = (mode(0), mode(0.3)), expected = moving.frequency / rest.frequency
        return .judged(
            name, "Moving modes of networks that destroy a little entropy live longer, as clocks do",
            "life at k = 0.3 / life at rest within a tenth of ω/m = \(Claim.number(expected)), Γ = \(imbalance)", rest.rate / moving.rate,
            .within(expected * 0.9...expected * 1.1),
            detail: "every mode decays at \(Claim.number(moving.rate)): a small imbalance is not enough, balance is needed")
    }

    private func learning(_ findings: Findings) -> Claim {
        func mean(_ noise: Double) -> SeedMean? {
            try? SeedMean(findings.residuals(.learned).filter { $0.noise == noise }.map(\.residual))
        }
        let best = mean(Self.noises[0])
        return .judged(
            name, "A lattice that learned its weights from recordings of a balanced one is as symmetric",
            "mean boost residual of \(lattices) lattices ≤ 1e-3, recordings with noise \(Self.noises[0])", best?.mean,
            standardError: best?.standardError, .atMost(1e-3),
            control: mean(Self.noises[1]).map { .init($0.mean, "recordings with noise \(Self.noises[1])") },
            detail: "the symmetry is the teacher's and not found by learning")
    }

    private func dispersion(_ findings: Findings) -> Claim {
        let pairs = findings.pairs, moving = pairs.balanced.filter(\.disperses)
        func share(_ fits: [DispersionFit]) -> SeedMean { SeedMean(share: fits.count(where: \.isRelativistic), of: max(1, fits.count)) }
        let smooth = share(pairs.smooth.filter(\.disperses))
        let untilted = moving.count { $0.isRelativistic && $0.tilt < 0.05 }
        return .judged(
            name, "Near its gap the dispersion of networks that learn nothing but balance is relativistic (weak evidence)",
            "share of learned networks with a dispersing gap that fit ω² = m² + c²k² near it to 1 % ≥ 0.9", share(moving), .atLeast(0.9),
            control: .init(smooth.mean, "any smooth avoided crossing, untrained"),
            detail: "any smooth gap is nearly so: of \(pairs.trained.count) networks \(pairs.balanced.count) reach balance (median |ln|λ|| "
                + "\((try? Statistics.median(pairs.rates)).map(Claim.number) ?? "–")), \(moving.count) have a gap that disperses, "
                + "\(untilted) of them without tilt; of as many random networks \(pairs.random.count(where: \.isRelativistic)) fit")
    }

    private func signature(_ scan: SignatureScan, _ findings: Findings) -> Claim {
        let nulls = findings.signatures.filter { $0.dimensions == scan.dimensions && $0.ensemble != .learning }
        let names = nulls.map { "\($0.ensemble.name) \(Claim.number(SeedMean(share: $0.lorentzian, of: $0.total).mean))" }
        let gaussian = nulls.first { $0.ensemble == .gaussian }.map { SeedMean(share: $0.lorentzian, of: $0.total).mean } ?? .nan
        return .judged(
            name, "Production minus destruction of entropy has the signature of space-time in \(scan.dimensions) dimensions",
            "share of forms with signature (1, \(scan.dimensions - 1)) or (\(scan.dimensions - 1), 1) ≥ 0.9; \(scan.total) forms",
            SeedMean(share: scan.lorentzian, of: scan.total), .atLeast(0.9), control: .init(gaussian, "GOE, no structure at all"),
            detail: "nulls: \(names.joined(separator: ", "))")
    }

    private var dimension: Claim {
        .undefined(
            name, "Learning singles out exactly three dimensions of space and one of time", "none",
            detail: "nothing in the theory says which quantity of a network would choose them")
    }
}
