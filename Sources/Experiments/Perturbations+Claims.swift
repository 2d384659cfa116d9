import Cosmology
import Duality
import Figures
import Foundation

extension Perturbations {
    func judge(_ inflation: Inflation, _ spectra: [Spectrum], _ eras: [Era], _ resonances: [EraResonance]) throws -> [Claim] {
        guard let last = inflation.gaugeInvariant.last, let test = inflation.testField.last, let starobinsky = spectra.last else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "inflation has no samples")
        }
        let growing = resonances.filter { $0.floquet > 0 }, bounded = resonances.filter { $0.floquet == 0 }
        return [
            .constructed(
                id, "a mode with its metric grows through inflation, as SciPy's does",
                "|d/11.26944126 − 1| ≤ 1e-7 at ε = 1; m²φ²/2 from φ = 16 M in slow roll, k = 1", abs(last / 11.26944126 - 1), .atMost(1e-7),
                control: .init(abs(test / 11.26944126 - 1), "test field"),
                detail: "d is \(Claim.number(last)) where the test field's is \(Claim.number(test)); reference: SciPy 1.17, DOP853 at 1e-13"
            ),
            .constructed(
                id, "without wavelength it is the difference of neighbouring backgrounds at equal e-folds",
                "greatest relative difference ≤ 1e-9, k = 0", inflation.separateUniverses, .atMost(1e-9),
                control: .init(
                    abs(inflation.atRest.testField / inflation.atRest.neighbours - 1),
                    "test field and neighbours at equal times, t = 18 from rest"),
                detail:
                    "at equal times neighbours differ by \(Claim.number(inflation.atRest.neighbours)) of what they did, and the test field "
                    + "falls to \(Claim.number(inflation.atRest.testField)): what the network's modes are dual to has no metric"),
            .constructed(
                id, "A_s of Starobinsky's inflation is that of its modes, as SciPy's are",
                "|A_s/2.19848783176e-9 − 1| ≤ 1e-8; Λ = 0.0033, φ = 5.6 M in slow roll, N_* = 55",
                abs(starobinsky.pivot.scalarAmplitude / 2.1984878317560e-9 - 1), .atMost(1e-8),
                control: .init(abs(2.19848777603e-9 / 2.1984878317560e-9 - 1), "slow roll to third order, as primpy has it"),
                detail: Self.formulations),
            .constructed(
                id, "A_t of Starobinsky's inflation is that of its modes, as SciPy's are", "|A_t/7.80370387865e-12 − 1| ≤ 1e-8",
                abs(starobinsky.pivot.scalarAmplitude * starobinsky.pivot.tensorToScalar / 7.80370387865e-12 - 1), .atMost(1e-8),
                detail: Self.formulations),
            primpy(starobinsky, "n_s", 0.964898333897, 1e-5) { $0.pivot.scalarIndex },
            primpy(starobinsky, "N", 69.6751666345, 1e-9) { $0.eFolds },
            primpy(starobinsky, "A_s", 2.19848777603e-9, 1e-7) { $0.pivot.scalarAmplitude },
            .constructed(
                id, "time and e-folds are one clock", "N to the end of inflation by either, relative difference ≤ 1e-10, two potentials",
                spectra.map { abs($0.eFoldsByTime / $0.eFolds - 1) }.max() ?? .nan, .atMost(1e-10)),
            .constructed(
                id, "massless test fields enter the horizon of radiation and matter as sin x/x and 3j_1(x)/x do",
                "greatest |d − exact| ≤ 1e-9 from k = aH/10 to kτ = 30", eras.map(\.greatestError).max() ?? .nan, .atMost(1e-9)),
            .constructed(
                id, "resonance survives the expansion of radiation",
                "greatest |μ − μ_{Floquet}| ≤ 1e-3 of aδ in conformal time; V ∝ φ^4, H = \(Claim.number(EraResonance.rate)) ω at the start",
                growing.map { abs($0.radiationFit.exponent - $0.floquet) }.max() ?? .nan, .atMost(1e-3),
                control: .init(
                    growing.map { abs($0.constantFit.exponent - $0.floquet) }.min() ?? .nan,
                    "at constant H = \(Claim.number(8 * EraResonance.rate)) ω"),
                detail: "μ = "
                    + growing.map { "\(String(format: "%.4f", $0.radiationFit.exponent)) at r = \($0.massRatio)" }.joined(separator: ", ")
                    + "; static universe off by \(Claim.number(growing.map { abs($0.staticFit.exponent - $0.floquet) }.max() ?? .nan))"),
            .constructed(
                id, "a mode below the band stays bounded there too", "greatest amplitude / that of the first period ≤ 1.5, r < 0.25",
                bounded.map(\.rise).max() ?? .nan, .atMost(1.5),
                control: .init(growing.map(\.rise).min() ?? .nan, "least of modes inside of the band")),
        ]
    }

    private static let formulations =
        "reference: SciPy 1.17, DOP853 at 1e-13, complex modes through all their oscillations from k = 800 aH on, R by e-folds and the field on "
        + "flat slices in cosmic time, which agree to 3e-13 (Tests/Fixtures/inflation_spectra.py)"

    /// A number of primpy's, by its clock t: its clock N ends inflation 8e-6 e-folds earlier, which moves the pivot and with it A_s by 3e-7. Its
    /// spectrum is slow roll to third order, which leaves 2.5e-8 of A_s.
    private func primpy(
        _ spectrum: Spectrum, _ name: String, _ reference: Double, _ tolerance: Double, _ value: (Spectrum) -> Double
    ) -> Claim {
        .constructed(
            id, "\(name) of Starobinsky's inflation is primpy's",
            "|\(name)/\(reference) − 1| ≤ \(tolerance); Λ = 0.0033, φ = 5.6 M in slow roll, N_* = 55", abs(value(spectrum) / reference - 1),
            .atMost(tolerance),
            detail: "\(value(spectrum)); reference: primpy 2.18.3 (github.com/lukashergt/primpy) on the background of its "
                + "tests/test_perturbations.py, by cosmic time; its test_inflation.py asks n_s and N_* to 1e-5 of its two clocks")
    }
}
