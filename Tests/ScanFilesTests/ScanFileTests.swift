import Compute
import Duality
import Engines
import Foundation
import Networks
import Runs
import ScanFiles
import TestSupport
import Testing

/// What the keys of a scan file make of its runs.
@Suite struct ScanFileTests {
    @Test func defaultsAreThoseOfTheCommandLine() throws {
        let run = try #require(try runs("width: 7").first)
        #expect(run.architecture == (try Architecture(widths: [7], activation: .erf)))
        #expect(run.sigmaW == 1 && run.sigmaB == 0.1 && run.seed == 0)
        #expect(run.inputs == (try Inputs([1])))
        #expect(run.training == nil && run.tangentKernel == .gram && run.recording == Recording())
        let trained = try #require(try runs("learningRate: 0.01\nsteps: 5").first)
        #expect(trained.architecture.widths == [512])
        #expect(
            trained.training
                == Run.Training(loss: try .power(degree: 2, scale: 0.02, minimum: 1), schedule: try Schedule(learningRate: 0.01), steps: 5))
    }

    /// The last axis varies fastest, and seeds faster than all, wherever they stand.
    @Test func axesComeInTheOrderOfTheFile() throws {
        let runs = try runs("seed: {first: 5, count: 2}\nsigmaW: [1, 2]\nwidth: [3, 4]")
        #expect(runs.map { $0.sigmaW } == [1, 1, 1, 1, 2, 2, 2, 2])
        #expect(runs.map { $0.architecture.widths[0] } == [3, 3, 4, 4, 3, 3, 4, 4])
        #expect(runs.map(\.seed) == [5, 6, 5, 6, 5, 6, 5, 6])
        let file = try ScanFile(text: "seed: {count: 2}\nsigmaW: [1, 2]\nwidth: [3, 4]")
        #expect(file.scans[0].axes.map(\.names) == [["sigmaW"], ["width"], ["seed"]])
        #expect(file.scans[0].axes.map(\.count) == [2, 2, 2])
    }

    @Test func seedsMayBelongToRunsOrToKeys() throws {
        #expect(try runs("seed: {first: 10, count: 2, each: run}\nsigmaW: [1, 2]\nwidth: [3, 4]").map(\.seed) == Array(10..<18))
        #expect(
            try runs("seed: {first: 10, count: 2, each: [width]}\nsigmaW: [1, 2]\nwidth: [3, 4]").map(\.seed) == [
                10, 11, 12, 13, 10, 11, 12, 13,
            ])
        #expect(try runs("seed: {first: 10, each: [sigmaW]}\nsigmaW: [1, 2]\nwidth: [3, 4]").map(\.seed) == [10, 10, 11, 11])
        #expect(try runs("seed: [7, 18446744073709551615]").map(\.seed) == [7, .max])
        // Filters leave numbers out; they do not renumber.
        #expect(try runs("seed: {first: 1, each: run}\nwidth: [3, 4, 5]\nwhere: width != 4").map(\.seed) == [1, 3])
    }

    @Test func networks() throws {
        let all = try runs("depth: [0, 2]\nwidth: 5\nactivation: [relu, sin]\nbias: [true, no]\noutputs: 3\nparameterisation: standard")
        #expect(all.map(\.architecture.widths) == [[], [], [], [], [5, 5], [5, 5], [5, 5], [5, 5]])
        #expect(all.map(\.architecture.activation.name) == ["relu", "relu", "sin", "sin", "relu", "relu", "sin", "sin"])
        #expect(all.map(\.architecture.hasBias) == [true, false, true, false, true, false, true, false])
        #expect(all.allSatisfy { $0.architecture.outputs == 3 && $0.architecture.parameterisation == .standard })
        #expect(try runs("widths: [64, 32]").map(\.architecture.widths) == [[64, 32]])
        #expect(try runs("widths: [[64, 32], [8]]").map(\.architecture.widths) == [[64, 32], [8]])
    }

    @Test func points() throws {
        func inputs(_ text: String) throws -> [Inputs] { try runs("inputs: \(text)").map(\.inputs) }
        #expect(try inputs("{points: [1, 2]}") == [try Inputs([1, 2])])
        #expect(try inputs("{points: [[1, 0], [0, 1/2]]}") == [try Inputs(points: 2, dimension: 2, values: [1, 0, 0, 0.5])])
        #expect(try inputs("{interval: {count: 3, from: -1, to: 2}}") == [try Inputs([-1, 0.5, 2])])
        let circle = try #require(try inputs("{circle: {count: 4, radius: 2}}").first)
        #expect(circle.dimension == 2)
        for (value, expected) in zip(circle.values, [2.0, 0, 0, 2, -2, 0, 0, -2]) { #expect(abs(value - expected) < 1e-15) }
        #expect(try inputs("[{points: [1]}, {points: [2, 3]}]").map(\.points) == [1, 2])
        let computed = try runs("let alpha: [1, 2]\ninputs: {interval: {count: 2, from: -alpha, to: 2 * alpha}}").map(\.inputs.values)
        #expect(computed == [[-1, 2], [-2, 4]])
    }

    @Test func losses() throws {
        let power = try runs("degree: [2, 4]\nscale: 0.5\nminimum: [1, [1]]\nlearningRate: 1\nsteps: 1")
        #expect(power.map { $0.training?.loss.shape } == [.evenPower(2), .evenPower(2), .evenPower(4), .evenPower(4)])
        #expect(try runs("outputs: 2\nminimum: [[1, -1], 3]\nlearningRate: 1\nsteps: 1").map(\.anchors) == [[1, -1], [3]])
        let well = try runs("loss: doubleWell\nscale: 1\nlearningRate: 1\nsteps: 1")
        #expect(well.map { $0.training?.loss } == [try Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([1]))])
        let targets = try runs("inputs: {points: [1, 2]}\ntargets: {values: [3, 4]}\nlearningRate: 1\nsteps: 1")
        #expect(targets.map { $0.training?.loss } == [try Loss(shape: .evenPower(2), scale: 1, anchors: .perPoint([3, 4]))])
    }

    /// One expression for the scan; its runs are others than those of other expressions, and are written into the file's text.
    @Test func coupledLosses() throws {
        let text =
            "learningRate: 0.1\nsteps: 2\noutputs: 2\nminimum: [[1, -1]]\nscale: 0.3\nloss: [power, coupled]\ncoupling: u1^2 + 0.5*u1*u2"
        let found = try runs(text)
        #expect(found.map { $0.training?.loss.shape } == [.evenPower(2), .coupled(try Coupling("u1^2 + 0.5*u1*u2", outputs: 2))])
        #expect(found[1].training?.loss.scale == 0.3 && found[1].anchors == [1, -1])
        let other = try runs(text, overrides: ["coupling=u1^2 + 0.6*u1*u2", "loss=coupled"])
        let digests = Set((found + other).map { RunIdentity.digest($0, precision: .float64) })
        #expect(digests.count == 3)
        let again = try ScanFile(text: ScanFile(text: text).text)
        guard case .run(let run) = try again.candidate(at: 1, known: { _ in nil }) else { throw ScanError.unsteadySource(index: 1) }
        #expect(run == found[1])
        #expect(
            try runs("learningRate: 1\nsteps: 1\noutputs: 2\nloss: coupled\ncoupling: u1*u2\ntargets: {values: [[1, 2]]}").first?.anchors
                == [1, 2])
    }

    @Test func schedules() throws {
        let listed = try runs("learningRates: [[0.1, 0.2], [0.3, 0.4]]\nmomentum: 0.5")
        #expect(listed.map { $0.training?.schedule.learningRates } == [[0.1, 0.2], [0.3, 0.4]])
        #expect(listed.allSatisfy { $0.training?.schedule.momenta == [0.5, 0.5] && $0.steps == 2 })
        let momenta = try runs("learningRate: 0.1\nmomenta: [0, 0.5, 0.9]\nsteps: 3")
        #expect(momenta.map { $0.training?.schedule } == [try Schedule(learningRates: [0.1, 0.1, 0.1], momenta: [0, 0.5, 0.9])])
    }

    @Test func groupsVaryTogether() throws {
        let zipped = try runs("together: [[{learningRate: 1/9, momentum: 0}, {learningRate: 0.01, momentum: 0.9}]]\nsteps: [1, 2]")
        let ninth = 1.0 / 9
        #expect(zipped.map(\.learningRate) == [ninth, ninth, 0.01, 0.01])
        #expect(zipped.map(\.momentum) == [0, 0, 0.9, 0.9])
        // A single group needs no brackets of its own, and a key that is left out has its default.
        let losses = try runs("together: [{loss: power, degree: 4}, {loss: doubleWell}]\nlearningRate: 1\nsteps: 1")
        #expect(losses.map { $0.training?.loss.shape } == [.evenPower(4), .doubleWell])
        #expect(
            try runs("together: [[{width: 2}, {width: 3}], [{sigmaW: 1}, {sigmaW: 2}]]").map {
                [$0.architecture.widths[0], Int($0.sigmaW)]
            } == [[2, 1], [2, 2], [3, 1], [3, 2]])
    }

    @Test func recordings() throws {
        func run(_ text: String) throws -> Run { try #require(try runs("record: \(text)\nlearningRate: 1\nsteps: 9").first) }
        #expect(try run("{trajectory: all, matrices: true}").recording == .everyStep)
        #expect(
            try run("{trajectory: every 3, kernels: [4, 2], spectra: true, modes: true}").recording
                == Recording(trajectory: .every(3), kernels: .at([2, 4]), spectra: true, modes: true))
        #expect(try run("{predictions: [corrected, paper], method: jacobian}").recording.predictions == [.corrected, .paper])
        #expect(try run("{method: jacobian}").tangentKernel == .jacobian)
        #expect(try run("{kernels: none}").tangentKernel == nil)
        // What is not trained has no prediction.
        #expect(try runs("record: {predictions: [corrected]}").first?.recording.predictions == [])
    }

    @Test func expressions() throws {
        let computed = try runs(
            "width: [10, 40]\nsigmaW: sqrt(width / 10)\nlearningRate: 1 / (2 * sigmaW)\nsteps: round(100 / width)\nlet unused: 2")
        #expect(computed.map { [$0.sigmaW, $0.learningRate ?? 0, Double($0.steps)] } == [[1, 0.5, 10], [2, 0.25, 3]])
        #expect(
            try runs("activation: [relu, erf, sin]\nwhere: activation == erf or activation == sin").map(\.architecture.activation) == [
                .erf, .sin,
            ])
        #expect(
            try runs("width: [3, 4]\nseed: {first: 5, count: 3}\nwhere: [replica < 2, width < 4 or seed == 5]").map(\.seed) == [5, 6, 5])
        // A quantity of the parameters, and a default.
        #expect(try runs("width: [3, 4]\nwhere: parameterCount < 12 and depth == 1").map(\.architecture.widths) == [[3]])
        #expect(try runs("widths: [3, 4]\nsigmaB: [1, 2]\nwhere: depth == 2 and sigmaB == 2").map(\.sigmaB) == [2])
    }

    @Test func overridesReplaceAddAndRemove() throws {
        let text = "width: [3, 4]\nlet factor: 2\nsigmaW: factor\nrecord: {trajectory: all}\nwhere: width < 4"
        #expect(try runs(text, overrides: ["width=5", "where=null"]).map(\.architecture.widths) == [[5]])
        #expect(try runs(text, overrides: ["factor=[1, 3]", "sigmaB=0.5"]).map { [$0.sigmaW, $0.sigmaB] } == [[1, 0.5], [3, 0.5]])
        let run = try #require(try runs(text, overrides: ["record.trajectory=every 2", "record.matrices=true"]).first)
        #expect(run.recording == Recording(trajectory: .every(2), matrices: true))
        #expect(try runs("seed: {first: 3}", overrides: ["seed.count=2"]).map(\.seed) == [3, 4])
        // For every scan of a file.
        #expect(try runs("width: 3\n---\nwidth: 4", overrides: ["sigmaW=2"]).map { $0.sigmaW } == [2, 2])
    }

    @Test func scansFollowOneAnother() throws {
        let file = try ScanFile(text: "name: one\nwidth: [3, 4]\n---\nname: two\nwidth: 5\n")
        #expect(file.scans.map(\.name) == ["one", "two"])
        #expect(file.count == 3)
        #expect(try runs(file.text).map(\.architecture.widths) == [[3], [4], [5]])
    }

    /// The canonical text reads back to the same runs and to itself.
    @Test func canonicalText() throws {
        let text = """
            # A comment
            name: "it's: \\"quoted\\""
            width: [ 3, 4 ]   # another
            sigmaW: {from: 1e-1, to: 1.0, count: 2}
            let alpha: 0.50
            inputs:
              interval: {count: 3, from: -alpha, to: alpha}
            where: "width < 4 or sigmaW > 0.5"
            seed: {first: 18446744073709551610, count: 2}
            """
        let file = try ScanFile(text: text, overrides: ["sigmaB=0.30"])
        #expect(
            file.text == """
                name: "it's: \\"quoted\\""
                width: [3, 4]
                sigmaW: {from: 0.1, to: 1, count: 2}
                let alpha: 0.5
                inputs: {interval: {count: 3, from: "-alpha", to: alpha}}
                where: "width < 4 or sigmaW > 0.5"
                seed: {first: 18446744073709551610, count: 2}
                sigmaB: 0.3

                """)
        #expect(try ScanFile(text: file.text).text == file.text)
        #expect(try runs(file.text) == runs(text, overrides: ["sigmaB=0.3"]))
    }

    @Test func schemaPageIsCheckedIn() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/ScanFile.md")
            .standardized.path
        if ProcessInfo.processInfo.environment["INFLATON_WRITE_SCHEMA"] != nil {
            try ScanSchema.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == ScanSchema.markdown)
    }

    @Test func arraysComeFromFilesBesideTheScan() throws {
        let folder = try TemporaryFolder()
        // (2, 2) float64 in C order.
        var npy = Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let header =
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }".padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
        npy += Data([UInt8(header.utf8.count), 0]) + Data(header.utf8)
        for value in [1.0, 2, 3, 4] { withUnsafeBytes(of: value) { npy += Data($0) } }
        try npy.write(to: URL(filePath: folder.file("x.npy")))
        let path = folder.file("scan.yaml")
        try "inputs: {file: x.npy}\nwidth: 3\n".write(toFile: path, atomically: true, encoding: .utf8)
        let file = try ScanFile(contentsOf: path)
        guard case .run(let run) = try file.candidate(at: 0, known: { _ in nil }) else {
            Issue.record("no run")
            return
        }
        #expect(run.inputs == (try Inputs(points: 2, dimension: 2, values: [1, 2, 3, 4])))
        #expect(run.architecture.inputs == 2)
        #expect(file.text.hasPrefix("inputs: {file: \"x.npy\"}\nwidth: 3\n# \"x.npy\" sha256:"))
        #expect(problem("inputs: {file: nowhere.npy}")?.contains("scan.yaml:1: inputs: ") == true)
    }

    /// Eras: H is constant, then 1/H grows by 2 a unit of time in radiation and by 3/2 in matter, from one era to the next.
    @Test func erasAreASchedule() throws {
        let one = try #require(
            runs(
                "optimiser: de-sitter\nhubble: [0.5, 1]\nlearningRate: 0.01\neras: \"de-sitter:1,radiation:2,0:1.5\"\n"
                    + "record: {predictions: [universe, frozen]}"
            ).first?.training)
        #expect(one.steps == 45 && one.schedule.rule == .deSitter)
        let rates = try #require(one.schedule.values.last)
        for step in 0..<45 {
            let time = Double(step) / 10
            let inverse = 2 + 2 * min(max(time - 1, 0), 2) + 1.5 * max(time - 3, 0)
            #expect(abs(rates[step] * inverse - 1) <= 1e-13, "\(step)")
        }
        let both = try runs("optimiser: de-sitter\nhubble: [0.5, 1]\nlearningRate: 0.01\neras: matter:1")
        #expect(both.compactMap { $0.training?.schedule.values[1][0] } == [0.5, 1])
    }
}
