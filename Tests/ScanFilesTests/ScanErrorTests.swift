import Engines
import Runs
import ScanFiles
import Synchronization
import Testing

/// Each error says where, which value, which limit and what to do.
@Suite struct ScanErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let problem: String
        var testDescription: String { text }
    }

    static let cases: [Case] = [
        // Keys
        Case(text: "\nlerningRate: 1", problem: "scan.yaml:2: unknown key 'lerningRate'; did you mean 'learningRate'?"),
        Case(text: "foo: 1", problem: "scan.yaml:1: unknown key 'foo'; for a number of your own write 'let foo'"),
        Case(text: "trajectory: all", problem: "unknown key 'trajectory'; for a number"),
        Case(text: "width: 1\nwidth: 2", problem: "width is given twice; remove one of them"),
        Case(text: "record: {trajectry: all}", problem: "unknown key 'trajectry' in record; did you mean 'trajectory'?"),
        Case(text: "inputs: {intervall: {}}", problem: "unknown key 'intervall' in inputs; did you mean 'interval'?"),
        Case(text: "together: [[{wdth: 3}]]", problem: "unknown key 'wdth' in together; did you mean 'width'?"),
        Case(text: "together: [[{seed: 3}]]", problem: "seed cannot stand in together; give it on its own"),
        Case(text: "", problem: "scan.yaml: the scan file is empty; give at least one key"),
        Case(text: "- 1", problem: "scan.yaml:1: a scan is a map of keys"),
        Case(text: "width: [1, 2", problem: "scan.yaml:1: not YAML"),
        // What is missing at the end is missed on the last line with anything on it.
        Case(text: "\nwidth: [1, 2\n\n", problem: "scan.yaml:2: not YAML"),
        Case(text: "width: 1\nlearningRate: {from: 0.1\n", problem: "scan.yaml:2: not YAML"),
        Case(text: "width: 1\nname: \"a\n", problem: "scan.yaml:2: not YAML"),
        Case(text: "width: qqqqqqqqqqqq", problem: "Documentation/ScanFile.md lists the names"),
        Case(text: "width:", problem: "scan.yaml:1: width has no value; give one, or remove the line"),
        // Types and limits
        Case(text: "width: 2.5", problem: "width is 2.5, but must be a whole number; use round() or floor()"),
        Case(
            text: "sigmaW: 1\nwidth: [3, 0]",
            problem: "scan.yaml:2: width is 0, but must be a whole number from 1 to 2147483647; give a positive size"),
        Case(text: "depth: -1", problem: "depth is -1, but must be a whole number from 0"),
        Case(text: "sigmaW: -0.5", problem: "sigmaW is -0.5, but must be 0 or more, and finite; give a standard deviation"),
        Case(text: "sigmaW: .nan", problem: "sigmaW: in the expression '.nan'"),
        Case(text: "sigmaW: nan", problem: "sigmaW: unknown name 'nan' in 'nan'"),
        Case(text: "sigmaW: 1/0", problem: "sigmaW is inf, but must be 0 or more, and finite"),
        Case(
            text: "learningRate: [0.1, 0]\nsteps: 3",
            problem: "learningRate is 0, but must be positive and finite; choose a step such as 0.01"),
        Case(text: "momentum: 1.5", problem: "momentum is 1.5, but must be from 0 to 1; use 0 for plain gradient descent"),
        Case(text: "momentum: {from: 0, to: 1.5, count: 3}", problem: "momentum.to is 1.5, but must be from 0 to 1"),
        Case(text: "degree: 3", problem: "degree is 3, but must be an even number from 2 to 16; odd powers have no minimum; use 2 or 4"),
        Case(
            text: "activation: rellu",
            problem: "activation is 'rellu', but must be one of relu, erf, tanh, gelu, sin, identity; did you mean 'relu'?"),
        Case(text: "bias: maybe", problem: "bias is 'maybe', but must be true or false"),
        Case(text: "activation: {from: 1}", problem: "activation is a map, but must be relu"),
        Case(text: "width: [[1]]", problem: "width is a list, but must be whole number; for example width: "),
        Case(text: "inputs: 3", problem: "inputs is '3', but must be a map of points, interval, circle, file; for example"),
        // Losses that couple outputs
        Case(text: "loss: coupled\nlearningRate: 1\nsteps: 1\noutputs: 2", problem: "the loss is coupled, but coupling is not given"),
        Case(text: "eras: radiation:2\nlearningRate: 0.01", problem: "eras is given, but the optimiser is heavy-ball"),
        Case(
            text: "eras: radiation:2\noptimiser: fluid\nequationOfState: 0\nlearningRate: 0.01\nsteps: 3",
            problem: "eras is given, but the optimiser is fluid"),
        Case(
            text: "eras: radiation:2\noptimiser: de-sitter\nhubble: 1\nlearningRate: 0.01\nsteps: 3",
            problem: "steps is given, but eras say how many there are"),
        Case(text: "eras: radiation:2\noptimiser: de-sitter\nhubble: 0\nlearningRate: 0.01", problem: "the Hubble rate"),
        Case(text: "eras: radiation:2\noptimiser: de-sitter\nlearningRate: 0.01", problem: "needs hubble"),
        Case(text: "eras: radiation:0.01\noptimiser: de-sitter\nhubble: 1\nlearningRate: 0.01", problem: "the length of eras"),
        Case(text: "eras: matter:1e9\noptimiser: de-sitter\nhubble: 1\nlearningRate: 0.01", problem: "at most 10000000 together"),
        Case(text: "eras: dust:2\noptimiser: de-sitter\nhubble: 1\nlearningRate: 0.01", problem: "eras is 'dust:2', but must be fluids"),
        Case(text: "eras: -2:2\noptimiser: de-sitter\nhubble: 1\nlearningRate: 0.01", problem: "a w of at least -1"),
        Case(text: "coupling: u1*u2\nlearningRate: 1\nsteps: 1\noutputs: 2", problem: "coupling is given, but the loss is power"),
        Case(
            text: "loss: coupled\ncoupling: u1^2 + u3\nlearningRate: 1\nsteps: 1\noutputs: 2",
            problem: "the coupling of the loss is an expression that names u3, but must be one of u1, u2 alone"),
        Case(
            text: "loss: coupled\ncoupling: u1^2\nlearningRate: 1\nsteps: 1",
            problem: "the number of coupled outputs is 1, but must be from 2 to 16"),
        Case(
            text: "loss: coupled\ncoupling: abs(u1) + u2\nlearningRate: 1\nsteps: 1\noutputs: 2",
            problem: "abs, which has no derivative everywhere"),
        Case(
            text: "loss: coupled\ncoupling: u1*u2\ndegree: 4\nlearningRate: 1\nsteps: 1\noutputs: 2",
            problem: "degree is given, but the loss is coupled, which has none"),
        Case(
            text: "loss: coupled\ncoupling: u1*u2\nlearningRate: 1\nsteps: 1\noutputs: 2\nrecord: {predictions: [fourthOrder]}",
            problem: "fourthOrder takes the outputs one by one, but the loss couples them"),
        // Axes
        Case(text: "width: []", problem: "width is an empty list, but must have at least one value; give one, or remove the line"),
        Case(text: "sigmaW: {from: 0, to: 1, count: 0}", problem: "sigmaW.count is 0, but must be a whole number from 1 to 2147483647"),
        Case(text: "sigmaW: {from: 0, to: 1, count: 1}", problem: "sigmaW.count is 1, but must be at least 2 to reach from 0 to 1"),
        Case(text: "sigmaW: {from: 0, to: 1}", problem: "sigmaW must have either count or step"),
        Case(text: "sigmaW: {from: 0, to: 1, step: -1}", problem: "sigmaW.step is -1, but must lead from 0 to 1; change its sign"),
        Case(
            text: "sigmaW: {from: 0, to: 1, count: 3, spacing: log}",
            problem: "sigmaW reaches from 0 to 1, but both must be positive for log"),
        Case(text: "sigmaW: {draw: gauss, from: 0}", problem: "sigmaW.draw is 'gauss', but must be one of uniform, logUniform, normal"),
        Case(text: "sigmaW: {draw: uniform, from: 0}", problem: "sigmaW lacks to, which this draw needs"),
        Case(text: "sigmaW: {draw: uniform, from: 0, to: 1}", problem: "sigmaW is drawn, but how often is not said; give it a count"),
        Case(text: "samples: 3", problem: "samples is given, but no key is drawn; give one a draw without count"),
        Case(text: "seed: {count: 0}", problem: "seed.count is 0, but must be a whole number from 1"),
        Case(text: "seed: -1", problem: "seed is '-1', but must be a whole number from 0 to 18446744073709551615"),
        Case(
            text: "seed: {first: 18446744073709551615, count: 2}",
            problem: "seed.first is 18446744073709551615, but the last seed must be below 2^64"),
        Case(text: "width: [1]\nseed: {each: [wdth]}", problem: "seed.each names 'wdth', which is no axis; did you mean 'width'?"),
        Case(
            text: "sigmaW: {from: 0, to: 1, count: 100000}\nsigmaB: {from: 0, to: 1, count: 100000}",
            problem: "the scan has 10000000000 candidates (sigmaW 100000, sigmaB 100000), but must have at most 2147483647; shorten an axis"
        ),
        Case(
            text: "momentum: 0\ntogether: [[{momentum: 1, learningRate: 1}]]\nsteps: 1",
            problem: "momentum is given here and in line 1; remove it from one"),
        // Combinations
        Case(text: "momentum: 0.9\nsteps: 5", problem: "momentum is given, but learningRate is not, so nothing would be trained"),
        Case(text: "learningRate: 1", problem: "scan.yaml:1: learningRate is given, but steps is not; give the number of updates"),
        Case(text: "widths: [3, 4]\nwidth: 3", problem: "scan.yaml:2: width and widths cannot both be given"),
        Case(
            text: "learningRate: 1\nsteps: 1\nloss: doubleWell\ndegree: 4",
            problem: "scan.yaml:4: degree is given, but the loss is doubleWell, which has none"),
        Case(
            text: "learningRate: 1\nsteps: 1\ninputs: {points: [1, 2]}\ntargets: {values: [1, 2, 3]}",
            problem:
                "scan.yaml:4: targets has shape (3), but must be (2, 1) for 2 points and 1 outputs; give one target for each point and output"
        ),
        Case(text: "learningRate: 1\nsteps: 1\ntargets: {values: [1]}\nminimum: 1", problem: "minimum and targets cannot both be given"),
        Case(
            text: "learningRate: 1\nsteps: 1\noutputs: 3\nminimum: [[1, 2]]",
            problem: "minimum is a list of 2, but must be one number, or 3"),
        Case(text: "learningRates: [1, 1]\nsteps: 3", problem: "learningRates has 2 values, but must have 3, one for each step"),
        Case(text: "learningRates: [1, 1]\nmomenta: [0]", problem: "momenta has 1 values, but must have 2"),
        Case(text: "inputs: {points: [[1, 2], [3]]}", problem: "inputs.points has rows of 2 and of 1 numbers, but all must be equal"),
        Case(
            text: "inputs: {interval: {count: 1, from: 0, to: 1}}", problem: "inputs.interval.count is 1, but must be a whole number from 2"
        ),
        Case(
            text: "width: 3\ninputs: {interval: {count: 3, from: -1e308, to: 1e308}}",
            problem: "scan.yaml:2: inputs: the array of inputs holds a value that is not finite"),
        // Recording
        Case(
            text: "record: {trajectory: every 0}",
            problem: "record.trajectory is 'every 0', but must be ends, all, every N with N ≥ 1, or a list"),
        Case(
            text: "record: {kernels: none, spectra: true}",
            problem: "record.kernels is none, but record.spectra needs kernels; use kernels: ends"),
        Case(
            text: "record: {predictions: [corected]}",
            problem:
                "but must be one of paper, corrected, exact, friedmann, universe, frozen, null, fourthOrder, nlo; did you mean 'corrected'?"
        ),
        Case(
            text: "record: {predictions: [exact]}\ndegree: 4\nlearningRate: 1\nsteps: 1",
            problem:
                "scan.yaml:1: record.predictions has exact: the exact dictionary holds for quadratic losses, but the loss is s (f - f_min)^4; use"
        ),
        Case(text: "record: {predictions: [paper]}\nlearningRates: [1, 0.5]", problem: "use 'frozen', which follows any schedule"),
        // Optimisers
        Case(text: "optimiser: adma\nlearningRate: 1\nsteps: 1", problem: "but must be one of heavy-ball, friedmann, fluid"),
        Case(
            text: "optimiser: fluid\nlearningRate: 1\nsteps: 1",
            problem: "scan.yaml:1: the optimiser fluid needs equationOfState, the equation of state, which is not given; give it"),
        Case(
            text: "optimiser: fluid\nequationOfState: -1\nlearningRate: 1\nsteps: 1",
            problem: "scan.yaml:2: equationOfState is -1, but must be above -1, and finite; use 0 for matter"),
        Case(
            text: "optimiser: friedmann\nplanckMass: 0\nlearningRate: 1\nsteps: 1",
            problem: "scan.yaml:2: planckMass is 0, but must be positive and finite"),
        Case(
            text: "planckMass: 1\nlearningRate: 1\nsteps: 1",
            problem: "scan.yaml:1: planckMass is given, but the optimiser heavy-ball has the parameters learningRate, momentum only"),
        Case(
            text: "optimiser: adam\nmomentum: 0.5\nlearningRate: 1\nsteps: 1",
            problem: "scan.yaml:2: momentum is given, but the optimiser adam has the parameters learningRate, beta1, beta2, epsilon only"),
        Case(text: "optimiser: friedmann", problem: "optimiser is given, but learningRate is not, so nothing would be trained"),
        // Expressions
        Case(text: "width: 3\nwhere: widht < 4", problem: "scan.yaml:2: where: unknown name 'widht' in 'widht < 4'; did you mean 'width'?"),
        Case(text: "where: width <", problem: "where: in the expression 'width <'"),
        Case(
            text: "where: travel > 1",
            problem: "where names travel, which is known only after the training; filter by it when you plot or export"),
        Case(
            text: "sigmaW: sigmaB\nsigmaB: 2 * sigmaW",
            problem: "sigmaW depends on itself (sigmaW → sigmaB → sigmaW); give one of these keys a number"),
        Case(text: "let a: a + 1\nsigmaW: a", problem: "a depends on itself (a → a)"),
        Case(
            text: "width: round(kernel)",
            problem: "width depends on kernel, which is known only of a finished network; compute it from other keys"),
        Case(text: "let k: kernel\nsigmaW: k", problem: "sigmaW depends on kernel"),
        Case(text: "sigmaW: learningRate", problem: "sigmaW depends on learningRate, which is known only of a finished network"),
        Case(text: "let width: 3", problem: "'width' in 'let width' has a meaning already; choose another name"),
        Case(text: "let 2a: 3", problem: "'2a' in 'let 2a' is no name; use letters, digits and _"),
        // All are impossible, and the first says why.
        Case(text: "let x: [1, 2]\nsigmaW: -x", problem: "scan.yaml:2: sigmaW is -1, but must be 0 or more"),
    ]

    @Test(arguments: cases) func errors(_ expected: Case) throws {
        let found = try #require(problem(expected.text))
        #expect(found.contains(expected.problem), "\(found)")
    }

    @Test func overrides() throws {
        #expect(problem("width: 3", overrides: ["width"]) == "--set width: an override must be key=value; write --set width=64")
        #expect(problem("width: 3", overrides: ["widht=4"]) == "--set widht=4: unknown key 'widht'; did you mean 'width'?")
        #expect(problem("width: 3", overrides: ["width=0"])?.hasPrefix("--set width=0: width is 0, but must be") == true)
        #expect(
            problem("seed: 3", overrides: ["seed.count=2"])?.contains("seed is not a map in scan.yaml, so seed.count cannot be set") == true
        )
        #expect(problem("width: 3", overrides: ["width=[3"])?.hasPrefix("--set width=[3: not YAML") == true)
        #expect(
            problem("together: [[{momentum: 1}]]\nlearningRate: 1\nsteps: 1", overrides: ["momentum=0"])?
                .contains("momentum is given here and in line 1; remove it from one of them, or override the group in 'together'") == true)
    }

    /// One impossible combination does not stop the others.
    @Test func refusedCandidatesAreCounted() throws {
        let file = try ScanFile(text: "let x: [-1, 1, 2]\nsigmaW: x\nwidth: 3\nseed: {count: 2}")
        guard case .refused(let reason) = try file.candidate(at: 1, known: { _ in nil }) else {
            Issue.record("not refused")
            return
        }
        #expect(reason == "sigmaW is -1, but must be 0 or more, and finite; give a standard deviation")
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let plan = try scheduler.plan(file)
        #expect(plan.runs == 4 && plan.refusals.count == 2 && plan.refusals.reasons == [reason])
        let refused = Mutex(Refusals())
        #expect(
            try scheduler.execute(
                file,
                progress: { progress in
                    refused.withLock { $0 = progress.refusals }
                    return true
                }))
        #expect(refused.withLock { $0 } == plan.refusals)
    }
}
