import Cosmology
import Duality
import Foundation
import Networks
import Testing

/// Eras one after the other: inflation, radiation, matter.
@Suite struct EraTests {
    private static let hubble = 0.5
    private static let eras = [(-1.0, 4.0), (1.0 / 3, 10.0), (0, 6.0)]

    private static func network(_ h: Double) throws -> FrozenNetwork {
        let schedule = try Schedule.eras(
            learningRate: h * h, hubble: hubble, eras.map { .init(equationOfState: $0.0, steps: Int(($0.1 / h).rounded())) })
        return try FrozenNetwork(
            output: 1, tangentKernel: 1, loss: .power(degree: 2, scale: 0.5, minimum: 0), schedule: schedule,
            steps: Int((20 / h).rounded()))
    }

    /// a and H are continuous and those of the fluids: N = Ht, then ln(1 + 2Ht)/2, then 2 ln(1 + 3Ht/2)/3 with the H that each begins with.
    @Test func aAndHAreContinuous() throws {
        let network = try Self.network(0.05), history = try #require(EraHistory(Expansion(network.schedule), steps: network.steps))
        #expect(history.eras.map(\.start) == [0, 80, 280])
        for (era, expected) in zip(history.eras, Self.eras) { #expect(abs(era.equationOfState - expected.0) <= 1e-9) }
        let h1 = Self.hubble, h2 = h1 / (1 + 2 * h1 * 10), matter = 1 + 1.5 * h2 * 6
        let folds = [h1 * 4, log(1 + 2 * h1 * 10) / 2, 2 * log(matter) / 3]
        #expect(abs(history.hubble[80] - h1) <= 1e-13 && abs(history.hubble[280] - h2) <= 1e-13)
        #expect(abs(history.hubble[400] - h2 / matter) <= 1e-13)
        // Sums of 400 logarithms.
        #expect(abs(history.eFolds[280] - folds[0] - folds[1]) <= 1e-12 && abs(history.eFolds[400] - folds.reduce(0, +)) <= 1e-12)
        let jumps = zip(history.hubble, history.hubble.dropFirst()).map { abs($1 / $0 - 1) }
        #expect((jumps.max() ?? 1) <= 0.06)
    }

    /// The field is that of de Sitter in closed form, then of radiation and matter by Bessel functions; the training follows to second order.
    @Test func theFieldIsExact() throws {
        let h1 = Self.hubble, b = 1.5 * h1, omega = (1 - b * b).squareRoot(), end = 4.0
        let sine = b / omega, decay = exp(-b * end)
        func inflating(_ t: Double) -> Double { exp(-b * t) * (cos(omega * t) + sine * sin(omega * t)) }
        // φ′ = −e^{−bt} sin(ωt)/ω from rest.
        let state = PowerLawField.State(phi: inflating(end), velocity: -decay * sin(omega * end) / omega)
        let radiation = try PowerLawField(equationOfState: 1.0 / 3, mass: 1), matter = try PowerLawField(equationOfState: 0, mass: 1)
        let start = 1 / (2 * h1), later = 2 / 3.0 * (1 + 2 * h1 * 10) / h1
        var errors: [Double] = []
        for h in [0.1, 0.05] {
            let network = try Self.network(h), values = try Prediction.universe.trajectory(of: network).values
            let times = (0...network.steps).map { Double($0) * h }
            let inside = times.filter { $0 > 4 && $0 <= 14 }, last = times.filter { $0 > 14 }
            let middle = try radiation.solution(from: start, state, at: inside.map { start + $0 - 4 } + [start + 10])
            let join = try #require(middle.last)
            let exact =
                times.filter { $0 <= 4 }.map(inflating) + middle.dropLast().map(\.phi)
                + (try matter.solution(from: later, join, at: last.map { later + $0 - 14 }).map(\.phi))
            // The integrator's steps meet 1e-12 each; Bessel functions are good to some 1e-12.
            #expect(zip(values, exact).allSatisfy { abs($0 - $1) <= 1e-9 }, "\(zip(values, exact).map { abs($0 - $1) }.max() ?? 0)")
            let trained = try Prediction.frozen.trajectory(of: network).values
            errors.append(zip(trained, exact).map { abs($0 - $1) }.max() ?? .infinity)
        }
        #expect(log2(errors[0] / errors[1]) >= 1.9 && errors[1] <= 1e-3, "\(errors)")
    }

    @Test func changingLearningRatesHaveNoUniverse() throws {
        #expect(throws: DualityError.self) { try Expansion(Schedule(.deSitter, values: [[0.1, 0.2], [1, 1]])) }
        #expect(try EraHistory(Expansion(Schedule(.deSitter, values: [[0.1], [1]])), steps: 5) == nil)
    }
}
