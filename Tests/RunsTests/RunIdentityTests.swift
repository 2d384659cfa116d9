import Compute
import Duality
import Engines
import Foundation
import Networks
import Runs
import Testing

@Suite struct RunIdentityTests {
    private static func run() throws -> Run {
        Run(
            architecture: try Architecture(widths: [16, 8], activation: .erf), source: .seed(7), sigmaW: 1.5, sigmaB: 0.1,
            inputs: try Inputs([1, -0.5]),
            training: Run.Training(
                loss: try .power(scale: 0.05, minimum: 1), schedule: try Schedule(learningRate: 1.0 / 9, momentum: 0.5), steps: 200),
            recording: Recording(trajectory: .every(10), spectra: true, predictions: [.corrected]))
    }

    /// FIPS 180-4's example.
    @Test func digestIsSHA256() throws {
        let digest = Digest(of: Array("abc".utf8))
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try #require(Digest(bytes: digest.bytes)) == digest)
        #expect(Digest(bytes: digest.bytes.dropLast()) == nil)
    }

    @Test func canonicalJSONIsSortedJSONWithEveryParameter() throws {
        let text = RunIdentity.json(try Self.run(), precision: .float64)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        // Foundation sorts members by its own rule, which is alphabetical for these names.
        let sorted = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        let again = try #require(try JSONSerialization.jsonObject(with: sorted) as? NSDictionary)
        #expect(again == object as NSDictionary)
        #expect(
            object.keys.sorted().joined()
                == object.keys.sorted { text.range(of: "\"\($0)\":")!.lowerBound < text.range(of: "\"\($1)\":")!.lowerBound }.joined())
        #expect(text.contains("\"learningRates\":[0.1111111111111111]"))
        #expect(!text.contains(" "))
    }

    /// Every change of a parameter is another run.
    @Test func everyParameterCounts() throws {
        let base = try Self.run()
        var variants: [Run] = [base]
        func vary(_ change: (inout Run) throws -> Void) rethrows {
            var run = base
            try change(&run)
            variants.append(run)
        }
        try vary { $0.architecture = try Architecture(widths: [16, 9], activation: .erf) }
        try vary { $0.architecture = try Architecture(widths: [16, 8], activation: .relu) }
        try vary { $0.architecture = try Architecture(widths: [16, 8], hasBias: false, activation: .erf) }
        try vary { $0.architecture = try Architecture(widths: [16, 8], outputs: 2, activation: .erf) }
        try vary { $0.architecture = try Architecture(widths: [16, 8], activation: .erf, parameterisation: .standard) }
        vary { $0.source = .seed(8) }
        vary { $0.source = .weights(Weights(seed: 7, sigmaW: 1.5, sigmaB: 0.1, for: $0.architecture)) }
        vary { $0.sigmaW = 1.5.nextUp }
        vary { $0.sigmaB = 0.1.nextDown }
        try vary { $0.inputs = try Inputs([1, -0.5.nextUp]) }
        try vary { $0.inputs = try Inputs(points: 1, dimension: 2, values: [1, -0.5]) }
        vary { $0.training!.steps = 201 }
        vary { $0.training = nil }
        try vary { $0.training!.loss = try .power(degree: 4, scale: 0.05, minimum: 1) }
        try vary { $0.training!.loss = try .power(scale: 0.06, minimum: 1) }
        try vary { $0.training!.loss = try .power(scale: 0.05, minimum: 2) }
        try vary { $0.training!.loss = try Loss(shape: .evenPower(2), scale: 0.05, anchors: .perOutput([1, 1])) }
        try vary { $0.training!.loss = try Loss(shape: .evenPower(2), scale: 0.05, anchors: .perPoint([1, 1])) }
        try vary { $0.training!.loss = try Loss(shape: .doubleWell, scale: 0.05, anchors: .perOutput([1])) }
        try vary { $0.training!.schedule = try Schedule(learningRate: 1.0 / 9, momentum: 0.6) }
        try vary { $0.training!.schedule = try Schedule(learningRate: 0.1, momentum: 0.5) }
        vary { $0.tangentKernel = nil }
        vary { $0.tangentKernel = .jacobian }
        vary { $0.recording.trajectory = .ends }
        vary { $0.recording.trajectory = .at([10]) }
        vary { $0.recording.kernels = .every(50) }
        vary { $0.recording.spectra = false }
        vary { $0.recording.modes = true }
        vary { $0.recording.matrices = true }
        vary { $0.recording.predictions = [] }
        let digests = variants.map { RunIdentity.digest($0, precision: .float64) }
        #expect(Set(digests).count == variants.count)
        #expect(RunIdentity.digest(base, precision: .float32) != digests[0])
        #expect(RunIdentity.digest(try Self.run(), precision: .float64) == digests[0])
    }

    /// Data sets enter by their digest, so a long list costs no more than a short one, and still counts.
    @Test func longListsEnterByDigest() throws {
        var run = try Self.run()
        run.inputs = try Inputs((0..<300).map(Double.init))
        let text = RunIdentity.json(run, precision: .float64)
        #expect(text.contains("\"values\":\"sha256:"))
        var other = run
        other.inputs = try Inputs((0..<300).map { $0 == 299 ? -1 : Double($0) })
        #expect(RunIdentity.digest(run, precision: .float64) != RunIdentity.digest(other, precision: .float64))
    }

    @Test func selectionsOfSteps() {
        #expect(StepSelection.ends.steps(upTo: 5) == [0, 5])
        #expect(StepSelection.ends.steps(upTo: 0) == [0])
        #expect(StepSelection.every(2).steps(upTo: 5) == [0, 2, 4, 5])
        #expect(StepSelection.every(1).steps(upTo: 3) == [0, 1, 2, 3])
        #expect(StepSelection.every(9).steps(upTo: 5) == [0, 5])
        #expect(StepSelection.at([7, 3, 3, -1, 0]).steps(upTo: 5) == [0, 3, 5])
    }
}
