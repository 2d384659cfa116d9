import Figures
import Foundation
import Testing

/// One rule makes all verdicts.
@Suite struct ClaimVerdictTests {
    private func claim(
        _ measured: Double?, _ error: Double? = nil, _ bound: Claim.Bound = .atMost(1), control: Double? = nil,
        basis: Claim.Basis = .measurement
    ) -> Claim {
        Claim(
            figure: "f", claim: "c", criterion: "k", measured: measured, standardError: error, bound: bound,
            control: control.map { .init($0, "null model") }, basis: basis)
    }

    /// Bound 1 unless stated; two standard errors of 0.1 reach from 0.8 to 1.2.
    @Test func standardErrorsAreRespected() {
        #expect(claim(0.79, 0.1).verdict == .holds)
        #expect(claim(0.81, 0.1).verdict == .undecided)
        #expect(claim(1.19, 0.1).verdict == .undecided)
        #expect(claim(1.21, 0.1).verdict == .fails)
        #expect(claim(1.21, 0.1, .atLeast(1)).verdict == .holds)
        #expect(claim(1.19, 0.1, .atLeast(1)).verdict == .undecided)
        #expect(claim(0.79, 0.1, .atLeast(1)).verdict == .fails)
        #expect(claim(0.81, 0.1).reason.contains("two standard errors"))
        #expect(claim(1).verdict == .holds && claim(1.0.nextUp).verdict == .fails)
        #expect(claim(1, nil, .lessThan(1)).verdict == .fails && claim(1, nil, .moreThan(1)).verdict == .fails)
    }

    /// From −0.6 to −0.4; an error wider than the range decides nothing, on either side.
    @Test func rangesHaveTwoEnds() {
        let range = Claim.Bound.within(-0.6 ... -0.4)
        #expect(claim(-0.5, 0.04, range).verdict == .holds)
        #expect(claim(-0.5, 0.06, range).verdict == .undecided)
        #expect(claim(-0.5, 1, range).verdict == .undecided)
        #expect(claim(-0.65, 0.04, range).verdict == .undecided)
        #expect(claim(-0.69, 0.04, range).verdict == .fails)
        #expect(claim(-0.31, 0.04, range).verdict == .fails)
    }

    /// Errors of ratios multiply: 2 ± 1, half of itself, reaches from 2/e to 2e.
    @Test func ratiosAreJudgedByTheirLogarithms() {
        func ratio(_ bound: Claim.Bound, _ measured: Double = 2) -> Claim.Verdict {
            Claim(figure: "f", claim: "c", criterion: "k", measured: measured, standardError: 1, scale: .logarithmic, bound: bound).verdict
        }
        #expect(ratio(.atLeast(0.73)) == .holds && ratio(.atLeast(0.74)) == .undecided)
        #expect(ratio(.atLeast(5.43)) == .undecided && ratio(.atLeast(5.44)) == .fails)
        #expect(ratio(.atLeast(1), -2) == .undecided)
    }

    /// A claim that its control meets as well is not decided; one that fails has failed whatever the control does.
    @Test func controlsAreRespected() {
        #expect(claim(0.5, 0.1, control: 1.5).verdict == .holds)
        #expect(claim(0.5, 0.1, control: 1).verdict == .undecided)
        #expect(claim(0.5, 0.1, control: 1).reason == "the control meets the criterion too")
        #expect(claim(0.5, 0.1, control: .infinity).verdict == .holds)
        #expect(claim(0.5, 0.1, control: .nan).verdict == .undecided)
        #expect(claim(1.5, 0.1, control: 0.5).verdict == .fails)
        // The null hypothesis of a ratio of equal things is no number above 1.
        #expect(claim(1.5, 0.1, .moreThan(1), control: 1).verdict == .holds)
        #expect(claim(1.5, 0.1, .atLeast(1), control: 1).verdict == .undecided)
    }

    /// What is true by construction is never a finding, and what violates its construction is wrong.
    @Test func constructionIsNoFinding() {
        #expect(claim(0.5, basis: .construction).verdict == .constructed)
        #expect(claim(0.5, control: 0.5, basis: .construction).verdict == .constructed)
        #expect(claim(1.5, basis: .construction).verdict == .fails)
    }

    @Test func withoutANumberNothingIsDecided() {
        #expect(claim(nil).verdict == .undecided && claim(nil).reason == "nothing was measured")
        #expect(claim(.nan).verdict == .undecided)
        #expect(claim(0.5, .nan).verdict == .undecided && claim(0.5, .infinity).verdict == .undecided)
        #expect(claim(0.5, -1).verdict == .undecided)
        #expect(claim(nil, basis: .construction).verdict == .undecided)
        #expect(claim(.infinity).verdict == .fails)
    }

    /// Every claim can fail: whatever bound, error, control and basis, there are numbers that do not hold.
    @Test func everyBoundCanFail() {
        let bounds: [Claim.Bound] = [.atMost(1), .atLeast(1), .lessThan(1), .moreThan(1), .within(-1...1)]
        for bound in bounds {
            for basis in [Claim.Basis.measurement, .construction] {
                for control in [nil, -9, 0.5, 9] {
                    let verdicts = [-9.0, 0.5, 9].map { claim($0, 0.1, bound, control: control, basis: basis).verdict }
                    #expect(verdicts.contains(.fails), "\(bound)")
                    // No control that meets the bound leaves a claim that holds.
                    if let control, bound.admits(control) { #expect(!verdicts.contains(.holds), "\(bound) \(control)") }
                }
            }
        }
    }

    @Test func textAndCodeSayWhatWasJudged() throws {
        let one = Claim(
            figure: "f", claim: "c", criterion: "k", measured: 0.004, unit: .percent, standardError: 0.0004, bound: .atMost(0.01),
            control: .init(0.002, "null model"), detail: "of ten")
        #expect(one.measuredText == "0.4 % ± 0.04 %; of ten; the control meets the criterion too")
        #expect(one.controlText == "0.2 %: null model")
        let object = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(one)) as? [String: Any])
        #expect(object["verdict"] as? String == "not decided" && object["controlModel"] as? String == "null model")
        #expect(object["basis"] as? String == "measurement" && object["control"] as? Double == 0.002)
    }
}
