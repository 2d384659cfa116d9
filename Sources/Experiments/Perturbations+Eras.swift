import Cosmology
import Duality
import Foundation

extension Perturbations {
    /// A massless test field in an era of radiation or matter, which begins outside of the horizon at k = aH/10.
    struct Era: Sendable {
        let equationOfState: Double
        /// kτ of conformal time τ, in which the era began at 0.
        let phases: [Double]
        let mode: [Double]
        let exact: [Double]

        static let wavenumber = 0.1

        init(equationOfState w: Double) throws {
            equationOfState = w
            // H = 1 at a = 1: a = (τ/τ₀)^{1/q}, aH = 1/(qτ), q = (1 + 3w)/2.
            let q = (1 + 3 * w) / 2, first = Self.wavenumber / q
            let solution = try Universe(
                background: Background(
                    potential: .power(scale: 0, degree: 2), hubble: .friedmann(planckMass: 1), phi: 0,
                    fluids: [Fluid(equationOfState: w, density: 3)]),
                until: log(30 / first) / q, samples: 601, modes: [PerturbationMode(massRatio: 0, wavenumber: Self.wavenumber)],
                clock: .eFolds
            ).solve()
            let x = solution.samples.map { first * exp(q * $0.background.eFolds) }
            phases = x
            mode = solution.samples.map { $0.modes[0] }
            // aδ is a combination of sin and cos of x in radiation, and of x j₁ and x y₁ in matter.
            func pair(_ x: Double) -> (Double, Double) {
                w == 0 ? ((sin(x) / x - cos(x)) / (x * x), (cos(x) / x + sin(x)) / (x * x)) : (sin(x) / x, cos(x) / x)
            }
            func slopes(_ x: Double) -> (Double, Double) {
                guard w == 0 else { return ((cos(x) - sin(x) / x) / x, (-sin(x) - cos(x) / x) / x) }
                let (a, b) = pair(x)
                return ((sin(x) - 3 * x * a) / (x * x), (cos(x) - 3 * x * b) / (x * x))
            }
            // d = 1, d′ = 0.
            let (a, b) = pair(first), (da, db) = slopes(first)
            let determinant = a * db - b * da
            exact = x.map { (pair($0).0 * db - pair($0).1 * da) / determinant }
        }

        var greatestError: Double { zip(mode, exact).map { abs($0 - $1) }.max() ?? .nan }
    }

    /// r = λ_i/λ₁ of modes in the band of Lamé's equation, and one below it.
    static let massRatios = [0.476, 0.672, 0.880, 0.227]

    /// The modes of an oscillating field with V = φ⁴/4 in an era of radiation, in a static universe and at constant H: the field and its
    /// modes are conformal, so that aφ and ad in conformal time know nothing of the radiation.
    struct EraResonance: Sendable {
        let massRatio: Double
        let floquet: Double
        /// Periods of aφ in conformal time.
        let periods: [Double]
        /// |ad|.
        let radiation: [Double]
        let radiationFit: GrowthFit
        /// |d| at the same number of periods of the static universe.
        let staticFit: GrowthFit
        let constantFit: GrowthFit

        /// H at the start, in units of the frequency ω = 1 of a field that starts at φ = 1.
        static let rate = 0.025
        private static let perPeriod = 200
        private static let wholePeriods = 6

        init(massRatio: Double) throws {
            self.massRatio = massRatio
            floquet = try Floquet.exponent(massRatio: massRatio)
            let potential = try Potential.power(scale: 0.25, degree: 4)
            let modes = [try PerturbationMode(massRatio: massRatio)]
            // aφ starts with the velocity H, which adds to its energy: A⁴ = 1 + 2H².
            let amplitude = pow(1 + 2 * Self.rate * Self.rate, 0.25)
            let length = Double(Self.wholePeriods) * Floquet.period + 0.5
            let count = Self.wholePeriods * Self.perPeriod
            let step = length / Double(count)
            // Radiation of so large a Planck mass that the field weighs 1e-10 of it. a = √(1 + 2Ht), τ = (a − 1)/H.
            let planckMass = 1e6, last = 1 + Self.rate * length / amplitude
            let era = try Universe(
                background: Background(
                    potential: potential, hubble: .friedmann(planckMass: planckMass), phi: 1,
                    fluids: [Fluid(equationOfState: 1.0 / 3, density: 3 * planckMass * planckMass * Self.rate * Self.rate)]),
                until: (last * last - 1) / (2 * Self.rate), samples: 8 * count + 1, modes: modes
            ).solve().samples
            let scaled = era.map { $0.modes[0] * $0.background.scaleFactor }
            let spacing = era[1].background.time
            let uniform = (0...count).map { index -> Double in
                let a = 1 + Self.rate * Double(index) * step / amplitude
                return Self.interpolated(scaled, at: (a * a - 1) / (2 * Self.rate) / spacing)
            }
            radiation = uniform.map { abs($0) }
            periods = (0...count).map { Double($0) * step / Floquet.period }
            func fit(_ amplitude: [Double]) throws -> GrowthFit {
                try GrowthFit(amplitude: amplitude, timeStep: step, period: Floquet.period, periods: 1..<Self.wholePeriods)
            }
            radiationFit = try fit(uniform)
            func flat(_ rate: Double) throws -> [Double] {
                try Universe(
                    background: Background(potential: potential, hubble: .constant(rate), phi: 1), until: length, samples: count + 1,
                    modes: modes
                ).solve().samples.map { $0.modes[0] }
            }
            staticFit = try fit(try flat(0))
            constantFit = try fit(try flat(Self.rate * 8))
        }

        /// Between equally spaced values, by the cubic through the four around; its error goes with the fourth power of their distance.
        static func interpolated(_ values: [Double], at place: Double) -> Double {
            let first = min(max(Int(place) - 1, 0), values.count - 4)
            let x = place - Double(first)
            let (a, b, c, d) = (values[first], values[first + 1], values[first + 2], values[first + 3])
            return -a * (x - 1) * (x - 2) * (x - 3) / 6 + b * x * (x - 2) * (x - 3) / 2 - c * x * (x - 1) * (x - 3) / 2
                + d * x * (x - 1) * (x - 2) / 6
        }

        var rise: Double { radiationFit.peaks.max()! / radiationFit.peaks[0] }
    }
}
