import Figures
import Learning
import Testing

/// What can be asked for, and what is said of the rest.
@Suite struct LearningRegistryTests {
    /// The names are an interface that scripts drive.
    @Test func namesAreBinding() {
        #expect(
            LearningRegistry.names == [
                "fokker-planck", "quantumness", "spectrum", "schrodinger", "circulation", "lorentz", "geodesic", "einstein",
            ])
    }

    @Test func otherNamesAreNone() throws {
        #expect(try LearningRegistry.named("string-theory", LearningOptions()) == nil)
    }

    /// A name is either an experiment of that name or says that it is not written.
    @Test(arguments: LearningRegistry.names) func everyNameIsWrittenOrSaysSo(name: String) throws {
        do {
            #expect(try LearningRegistry.named(name, LearningOptions(quick: true))?.name == name)
        } catch {
            #expect(error as? LearningError == .notWritten(name))
        }
    }

    /// The one rule makes these verdicts too.
    @Test func verdictsOfTheories() {
        func claim(_ basis: Claim.Basis, _ measured: Double?, control: Double? = nil) -> Claim {
            Claim(
                figure: "f", claim: "c", criterion: "≤ 1", measured: measured, standardError: 0.1, bound: .atMost(1),
                control: control.map { .init($0, "none") }, basis: basis, failureWord: "fails")
        }
        #expect(claim(.synthesis, 0.5).verdictText == "synthesised, not emergent")
        #expect(claim(.synthesis, 0.5, control: 0.5).verdict == .undecided)
        #expect(claim(.synthesis, 2).verdictText == "fails" && claim(.measurement, 2).verdictText == "fails")
        #expect(claim(.untested, nil).verdictText == "not tested" && claim(.untestable, nil).verdictText == "not testable")
    }
}
