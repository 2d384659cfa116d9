import Cosmology
import Foundation
import Testing

/// One universe of flrw.json: integrated by SciPy's DOP853 (rtol 3e-14, at least 4000 steps), cross-checked with Radau.
struct GoldenUniverse: Decodable, Sendable, CustomTestStringConvertible {
    struct Case: Decodable {
        let name: String
        let hubble: String
        let H: Double?
        let n: Int
        let s: Double
        let phi_min: Double
        let V0: Double
        let M: Double
        let phi0: Double
        let dphi0: Double
        let T: Double
        let pert: [[Double]]
    }

    struct Mode: Decodable {
        let r: Double
        let k: Double
        let d: [Double]
    }

    let `case`: Case
    let t: [Double]
    let phi: [Double]
    let dphi: [Double]
    let H: [Double]
    let N: [Double]
    let modes: [Mode]

    var testDescription: String { `case`.name }

    static let all: [GoldenUniverse] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/flrw.json").standardized
        do {
            return try JSONDecoder().decode([GoldenUniverse].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()

    func universe() throws -> Universe {
        let input = self.case
        return try Universe(
            potential: .power(scale: input.s, minimum: input.phi_min, degree: input.n, vacuumEnergy: input.V0),
            hubble: input.H.map { .constant($0) } ?? .friedmann(planckMass: input.M),
            phi: input.phi0, velocity: input.dphi0, until: input.T, samples: t.count,
            modes: modes.map { try PerturbationMode(massRatio: $0.r, wavenumber: $0.k) })
    }
}

@Suite struct GoldenUniverseTests {
    /// The file holds eight universes with five modes each; a truncated one must not pass as success.
    @Test func theFileIsComplete() {
        #expect(GoldenUniverse.all.count == 8)
        #expect(GoldenUniverse.all.allSatisfy { $0.modes.count == 5 && $0.t.count >= 41 })
        #expect(Set(GoldenUniverse.all.map(\.case.hubble)) == ["friedmann", "constant"])
    }

    /// φ and N to 1e-8 absolute, the file's recommended acceptance (its own error estimate is below 1.2e-10). The rate, H and
    /// the modes oscillate with larger amplitudes (up to 20, 29 and about 10): 1e-7.
    @Test(arguments: GoldenUniverse.all)
    func agreesWithTheReference(_ golden: GoldenUniverse) throws {
        let solution = try golden.universe().solve()
        #expect(solution.samples.count == golden.t.count)
        func worst(_ expected: [Double], _ value: (UniverseSample) -> Double) -> Double {
            zip(expected, solution.samples).map { abs($0 - value($1)) }.max() ?? .nan
        }
        let time = worst(golden.t) { $0.background.time }
        let phi = worst(golden.phi) { $0.background.phi }
        let velocity = worst(golden.dphi) { $0.background.velocity }
        let eFolds = worst(golden.N) { $0.background.eFolds }
        let hubble = worst(golden.H) { $0.background.hubble }
        #expect(time <= 1e-13 * golden.case.T)
        #expect(phi <= 1e-8)
        #expect(eFolds <= 1e-8)
        #expect(velocity <= 1e-7)
        #expect(hubble <= 1e-7)
        for (index, mode) in golden.modes.enumerated() {
            let error = worst(mode.d) { $0.modes[index] }
            #expect(error <= 1e-7, "mode r = \(mode.r), k = \(mode.k)")
        }
    }

    /// Times between those of the file are the same solution: seven for each of them, of which every seventh is one of the file's.
    @Test(arguments: GoldenUniverse.all)
    func moreSamplesAreTheSameSolution(_ golden: GoldenUniverse) throws {
        let universe = try golden.universe()
        let dense = try Universe(
            background: universe.background, until: universe.until, samples: 7 * (golden.t.count - 1) + 1, modes: universe.modes
        ).solve()
        for (index, phi) in golden.phi.enumerated() {
            let sample = dense.samples[7 * index]
            #expect(abs(sample.background.phi - phi) <= 1e-8)
            #expect(abs(sample.background.eFolds - golden.N[index]) <= 1e-8)
            for (mode, expected) in zip(sample.modes, golden.modes) { #expect(abs(mode - expected.d[index]) <= 1e-7) }
        }
    }
}
