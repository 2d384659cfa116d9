import Arrays
import Cosmology
import Duality
import Figures
import Foundation
import Runs

/// Perturbations of the cosmology's side: what the metric does to them in inflation, the spectra that they leave, and test fields in the
/// eras after it. No network: the modes of one are dual to the test field, and the metric's part has no counterpart in a training.
public struct Perturbations: Experiment {
    /// `perturbations`.
    public let id = "perturbations"
    public let title = "Perturbations with and without the metric, spectra, and test fields after inflation"
    let quick: Bool

    /// Nothing is trained: all follows from equations.
    public var runs: any RunSource { RunList([]) }

    /// The quick one draws fewer wavenumbers of the spectra.
    init(quick: Bool) { self.quick = quick }

    /// All that is shown and judged.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let inflation = try Inflation()
        let spectra = try [Self.quadratic, Self.starobinsky].map { try Spectrum($0, wavenumbers: quick ? 13 : 61) }
        let eras = try [1.0 / 3, 0].map { try Era(equationOfState: $0) }
        let resonances = try Self.massRatios.map { try EraResonance(massRatio: $0) }
        return ExperimentReport(
            figures: [try figure(inflation, spectra, eras, resonances)], claims: try judge(inflation, spectra, eras, resonances))
    }

    /// V = φ²/2, where 55 e-folds are few enough.
    static let quadratic = Model(name: "m²φ²/2", formula: "phi^2/2", parameters: [:], phi: 17)
    /// The background of primpy's tests.
    static let starobinsky = Model(
        name: "Starobinsky", formula: "L^4*(1 - exp(-sqrt(2/3)*phi))^2", parameters: ["L": 0.0033], phi: 5.6)

    /// A potential with where its field starts, at the slow-roll velocity, M = 1.
    struct Model: Sendable {
        let name: String
        let formula: String
        let parameters: [String: Double]
        let phi: Double

        func background() throws -> Background {
            let potential = Potential.formula(try PotentialFormula(formula, parameters: parameters))
            let velocity = -potential.slope(at: phi) / (3 * potential.value(at: phi)).squareRoot()
            return try Background(potential: potential, hubble: .friedmann(planckMass: 1), phi: phi, velocity: velocity)
        }
    }

    /// V = φ²/2 from φ = 16 to the end of inflation, with a mode of k = 1, both ways.
    struct Inflation: Sendable {
        let eFolds: [Double]
        let testField: [Double]
        let gaugeInvariant: [Double]
        /// φ_N/φ_N(0): how neighbouring backgrounds, the same history begun earlier, differ at equal e-folds.
        let neighbours: [Double]
        /// The greatest relative distance of a mode with k = 0 that starts as such a difference from it.
        let separateUniverses: Double
        /// By how much backgrounds that start at rest from neighbouring φ differ at t = 18, and the test field of k = 0 there.
        let atRest: (neighbours: Double, testField: Double)

        init() throws {
            func solution(
                _ velocity: Double, _ kind: PerturbationKind, _ wavenumber: Double, phi: Double = 16, until: Double? = nil,
                samples: Int = 200
            ) throws -> [UniverseSample] {
                try Universe(
                    background: Background(
                        potential: .power(scale: 0.5, degree: 2), hubble: .friedmann(planckMass: 1), phi: phi, velocity: velocity),
                    until: until ?? 100, samples: samples, modes: [PerturbationMode(wavenumber: wavenumber)], kind: kind,
                    stopAtEpsilon: until == nil ? 1 : nil
                ).solve().samples
            }
            let slowRoll = -(2.0 / 3).squareRoot()
            let (test, invariant) = (try solution(slowRoll, .testField, 1), try solution(slowRoll, .gaugeInvariant, 1))
            eFolds = test.map(\.background.eFolds)
            testField = test.map { $0.modes[0] }
            gaugeInvariant = invariant.map { $0.modes[0] }
            func slopes(_ samples: [UniverseSample]) -> [Double] { samples.map { $0.background.velocity / $0.background.hubble } }
            neighbours = slopes(test).map { $0 / slopes(test)[0] }
            // φ_NN = 0 at the start: φ_N = −V′/V = −2/φ, H² = V/(3 − ε).
            let slope = -2.0 / 16, rate = (128 / (3 - slope * slope / 2)).squareRoot()
            let adiabatic = try solution(slope * rate, .gaugeInvariant, 0)
            let start = slopes(adiabatic)[0]
            separateUniverses = zip(adiabatic, slopes(adiabatic)).map { abs($0.modes[0] / ($1 / start) - 1) }.max() ?? .nan
            let spacing = 1e-4
            func end(_ phi: Double) throws -> UniverseSample { try solution(0, .testField, 0, phi: phi, until: 18, samples: 2)[1] }
            let (above, below) = (try end(16 + spacing).background.phi, try end(16 - spacing).background.phi)
            atRest = ((above - below) / (2 * spacing), try end(16).modes[0])
        }
    }

    /// The spectra around the wavenumber that leaves the horizon 55 e-folds before the end.
    struct Spectrum: Sendable {
        let model: Model
        let eFolds: Double
        /// N to the end by cosmic time.
        let eFoldsByTime: Double
        let pivot: InflationSpectrum.Pivot
        let points: [InflationSpectrum.Point]

        init(_ model: Model, wavenumbers: Int) throws {
            self.model = model
            let background = try model.background(), spectrum = try InflationSpectrum(background)
            eFolds = spectrum.endEFolds
            // A hundred times longer than inflation at the rate of its start.
            let rate = (background.potential.value(at: background.phi) / 3).squareRoot()
            eFoldsByTime = try Universe(background: background, until: 1e4 / rate, samples: 2, stopAtEpsilon: 1)
                .solve().samples[1].background.eFolds
            let center = try spectrum.wavenumber(leaving: 55)
            pivot = try spectrum.pivot(at: center)
            points = try Array(0..<wavenumbers).parallelMap {
                try spectrum.point(at: center * exp(6 * Double($0) / Double(wavenumbers - 1) - 3))
            }
        }
    }
}
