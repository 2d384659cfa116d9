import Arrays
import Experiments
import Figures
import Runs
import Testing

/// The experiment without networks.
@Suite struct PerturbationsTests {
    /// All its claims are equations beside numbers from outside, and met; where there is a control, it misses the criterion.
    @Test func equationsMeetTheNumbersOfOthers() throws {
        let experiment = try #require(try ExperimentRegistry.named("perturbations", quick: true, seed: 0))
        #expect(experiment.runs.count == 0)
        let report = try experiment.report { _ in nil }
        #expect(report.figures.map(\.id) == experiment.figures)
        #expect(report.claims.count == 11)
        for claim in report.claims {
            #expect(claim.verdict == .constructed, "\(claim.claim): \(claim.measuredText)")
            if let control = claim.control { #expect(!claim.bound.admits(control.value), "\(claim.claim)") }
        }
        #expect(report.claims.count { $0.detail.contains("primpy 2.18.3") } == 3)
        // Two potentials of thirteen wavenumbers, whose power falls with k.
        let power = try #require(report.figures[0].data?.numbers("curvaturePower"))
        #expect(power.count == 26)
        for part in [power[..<13], power[13...]] { #expect(zip(part, part.dropFirst()).allSatisfy { $0 > $1 }) }
    }
}
