import Runs
import Testing

/// Keys of a second setting of networks that change by themselves.
@Suite struct EnsembleKeyTests {
    private let lines = "networks: 40000\nlearningRate: 0.01\nsteps: 10\n"

    /// With η = 0.01 and 0.03 a step takes ⟨η⟩ = 0.02 and D₀ = ⟨η²⟩ noise²/2⟨η⟩, so that D₀ = 0.06 is a noise of √4.8.
    @Test func twoSettings() throws {
        let all = try runs(lines + "otherLearningRate: 0.03\notherNeurons: 8\nrenewal: [1, 0.25]")
        #expect(all.count == 2)
        for (run, renewal) in zip(all, [1, 0.25]) {
            let values = QuantityValues(run)
            for (name, expected) in [
                ("otherLearningRate", 0.03), ("otherBatch", 8), ("otherNeurons", 8), ("neurons", 4), ("renewal", renewal),
                ("stepTime", 0.02),
                ("diffusion", 0.06), ("noise", 4.8.squareRoot()),
            ] {
                let found = try #require(try values.value(name), "\(name)")
                #expect(abs(found / expected - 1) < 1e-12, "\(name)")
            }
        }
        let one = QuantityValues(try #require(try runs(lines).first))
        for name in ["otherLearningRate", "otherBatch", "otherNeurons", "renewal"] { #expect(try one.value(name) == nil) }
        #expect(try one.value("stepTime") == 0.01)
    }

    @Test(arguments: [
        ("renewal: 0.5", "renewal is given, but networks have one setting"),
        ("otherBatch: 1\nrenewal: 1.5", "the renewal of settings is 1.5, but must be above 0 and at most 1"),
        ("otherBatch: 5000", "the other mini-batch is 5000, but must be from 1 to 4096"),
        ("otherLearningRate: 9", "the learning rate 9.0 is unstable"),
    ]) func refusals(keys: String, message: String) {
        #expect { try runs(lines + keys) } throws: { "\($0)".contains(message) }
    }
}
