import Duality
import Engines
import Expressions
import Foundation
import Networks
import Runs
import Testing

@Suite struct QuantityRegistryTests {
    @Test func namesAreUniqueAndCanBeWrittenInExpressions() throws {
        #expect(Set(Quantity.all.map(\.name)).count == Quantity.all.count)
        for quantity in Quantity.all {
            #expect(try Expression(quantity.name).names == [quantity.name])
            #expect(quantity.name.wholeMatch(of: /[a-z][A-Za-z]*[0-9]?(\.[a-z][A-Za-z]*)?/) != nil)
        }
    }

    @Test func axesSaySymbols() {
        let labels = [
            "sigmaW": "σ_w", "learningRate": "η", "momentum": "γ", "corrected.errorOverTravel": "error / travel (corrected)",
            "width": "width",
        ]
        for (name, label) in labels { #expect(Quantity.find(name)?.label == label, "\(name)") }
        for prediction in Prediction.allCases {
            for part in ["endError", "greatestError", "errorOverTravel", "greatestErrorOverTravel"] {
                #expect(Quantity.find("\(prediction.rawValue).\(part)")?.label.hasSuffix("(\(prediction.rawValue))") == true)
            }
        }
        // Labels that two quantities shared would make a plot of one against the other say nothing.
        #expect(Set(Quantity.all.map(\.label)).count == Quantity.all.count)
    }

    @Test func formerNamesAreTaken() throws {
        #expect(Quantity.find("paperEndError")?.name == "paper.endError")
        #expect(try Quantity.named("correctedGreatestErrorOverTravel").name == "corrected.greatestErrorOverTravel")
        #expect(Quantity.find("paperendError") == nil && Quantity.canonical("width") == "width")
    }

    @Test func everyOneIsDocumented() {
        for quantity in Quantity.all {
            #expect(quantity.meaning.count > 10 && !quantity.meaning.contains("\n") && !quantity.meaning.hasSuffix("."))
            #expect(quantity.symbol != "")
        }
    }

    @Test func orderIsByStage() {
        #expect(Quantity.all.map(\.index) == Array(Quantity.all.indices))
        #expect(Quantity.all.map(\.stage) == Quantity.all.map(\.stage).sorted())
        #expect(Set(Quantity.all.map(\.stage)) == Set(Quantity.Stage.allCases))
    }

    @Test func namesAreFound() throws {
        #expect(try Quantity.named("vacuumRatio").stage == .initial)
        #expect(Quantity.find("corrected.errorOverTravel")?.stage == .final)
        #expect(Quantity.find("errorOverTravel") == nil)
        for (wrong, right) in [
            ("vacumRatio", "vacuumRatio"), ("vacuumratio", "vacuumRatio"), ("sigam_w", "sigmaW"), ("learning_rate", "learningRate"),
            ("corected.friction", "corrected.friction"), ("widht", "width"), ("kerneldrift", "kernelDrift"),
        ] {
            let error = try #require(throws: QuantityError.self) { try Quantity.named(wrong) }
            #expect(error == .unknown(name: wrong, nearest: right))
            #expect(error.description == "no quantity is called '\(wrong)'; did you mean '\(right)'?")
        }
        let error = try #require(throws: QuantityError.self) { try Quantity.named("qwertzuiop") }
        #expect(error.description.contains("known are width, depth"))
    }
}

/// Networks with weights that are given, so that all numbers of them can be worked out here.
@Suite struct QuantityTests {
    private static let sigmaW = 1.3, sigmaB = 0.4, learningRate = 0.05, momentum = 0.6, scale = 0.3, minimum = 0.9, steps = 30
    private static let weights = [0.7, -1.2, 0.3, 0.5, 1.1, 0.8, -0.2]

    private static func run(
        _ x: [Double] = [0.8], degree: Int = 2, recording: Recording = .everyStep, schedule: Schedule? = nil, isTrained: Bool = true,
        steps: Int = steps
    ) throws -> Run {
        let architecture = try Architecture(widths: [2], activation: .erf)
        return Run(
            architecture: architecture, source: .weights(try Weights(weights, for: architecture)), sigmaW: sigmaW, sigmaB: sigmaB,
            inputs: try Inputs(x),
            training: isTrained
                ? Run.Training(
                    loss: try .power(degree: degree, scale: scale, minimum: minimum),
                    schedule: try schedule ?? Schedule(learningRate: learningRate, momentum: momentum), steps: steps) : nil,
            recording: recording)
    }

    private static func result(_ run: Run) throws -> RunResult {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        try scheduler.execute([run])
        return try #require(try scheduler.result(for: run))
    }

    /// f = σ_w/√2 Σ_j erf(z_j) v_j + σ_b c with z_j = σ_w x w_j + σ_b b_j, and Θ(x, y) = Σ_p ∂_p f(x) ∂_p f(y).
    private static func network(_ x: Double) -> (output: Double, gradient: [Double]) {
        let factor = sigmaW / 2.0.squareRoot()
        var output = sigmaB * weights[6], ofWeights: [Double] = [], ofBiases: [Double] = [], ofReadOut: [Double] = []
        for j in 0..<2 {
            let z = sigmaW * x * weights[j] + sigmaB * weights[2 + j], v = weights[4 + j]
            let slope = factor * v * 2 / Double.pi.squareRoot() * exp(-z * z)
            output += factor * erf(z) * v
            ofWeights.append(slope * sigmaW * x)
            ofBiases.append(slope * sigmaB)
            ofReadOut.append(factor * erf(z))
        }
        return (output, ofWeights + ofBiases + ofReadOut + [sigmaB])
    }

    private static func kernel(_ x: Double, _ y: Double) -> Double {
        zip(network(x).gradient, network(y).gradient).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Each value against a number of the test; nil for none.
    private func expect(
        _ values: QuantityValues, _ expected: KeyValuePairs<String, Double?>, tolerance: Double = 1e-12,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (name, expected) in expected {
            let value = try values.value(name)
            if let expected, let value {
                #expect(abs(value - expected) <= tolerance * max(1, abs(expected)), "\(name)", sourceLocation: location)
            } else {
                #expect(value == expected, "\(name)", sourceLocation: location)
            }
        }
    }

    private static let parametersOfEnsembles = [
        "networks", "starts", "neurons", "stiffness", "inverseTemperature", "weightDecay", "batch", "noise", "diffusion", "stepTime",
        "otherLearningRate", "otherBatch", "otherNeurons", "renewal", "turning", "mirrored", "warmUp", "sites", "latticeCoupling",
        "latticeMass", "recordings", "smoothing",
    ]
    private static let findingsOfEnsembles = [
        "meanWeight", "weightVariance", "driftSlope", "driftSlopeError", "driftResidual", "diffusionError", "totalVariation",
        "samplingFloor", "chi", "chiError", "chiResidual", "quanta", "quantaError", "groundEnergy", "groundEnergyError", "operatorEnergy",
        "groundVariation", "weightError",
    ]

    @Test func parameters() throws {
        let (eta, gamma) = (Self.learningRate, Self.momentum)
        let run = try Self.run()
        let expected: KeyValuePairs<String, Double?> = [
            "width": 2, "depth": 1, "parameterCount": 7, "inputDimension": 1, "points": 1, "outputs": 1, "sigmaW": 1.3, "sigmaB": 0.4,
            "seed": nil, "learningRate": 0.05, "momentum": 0.6, "scale": 0.3, "minimum": 0.9, "degree": 2, "steps": 30,
            "timeStep": sqrt(eta), "hubble": (1 - gamma) / (3 * sqrt(eta)), "friction": (1 - gamma) / sqrt(eta),
            "vacuumEnergy": (1 - gamma) * (1 - gamma) / (3 * eta), "corrected.hubble": 2 * (1 - gamma) / (3 * (1 + gamma) * sqrt(eta)),
            "corrected.friction": 2 * (1 - gamma) / ((1 + gamma) * sqrt(eta)),
            "corrected.vacuumEnergy": 2 * (1 - gamma) * (1 - gamma) / (3 * (1 + gamma) * eta),
        ]
        try expect(QuantityValues(run), expected)
        // Heavy ball has no parameters of other optimisers, and a network none of ensembles.
        let others = Set(UpdateRule.ownParameters.map(\.name)).subtracting(expected.map(\.key)).union(Self.parametersOfEnsembles)
        for name in others { #expect(try QuantityValues(run).value(name) == nil) }
        #expect(expected.count + others.count == Quantity.all.filter { $0.stage == .parameters }.count)
        let values = QuantityValues(run)
        for quantity in Quantity.all {
            #expect(values[quantity] == quantity.value(of: run))
            #expect(quantity.stage == .parameters || values[quantity] == nil)
        }
    }

    @Test func parametersThatDoNotExist() throws {
        var run = try Self.run(isTrained: false)
        run.source = .seed(12)
        try expect(
            QuantityValues(run),
            ["seed": 12, "steps": 0, "learningRate": nil, "momentum": nil, "scale": nil, "minimum": nil, "degree": nil, "friction": nil])
        run.architecture = try Architecture(widths: [], activation: .erf)
        try expect(QuantityValues(run), ["width": nil, "depth": 0])
        let loss = try Loss(shape: .doubleWell, scale: 1, anchors: .perPoint([1, 2]))
        run.training = Run.Training(loss: loss, schedule: try Schedule(learningRate: 1), steps: 1)
        try expect(QuantityValues(run), ["minimum": nil, "degree": nil, "scale": 1])
    }

    @Test func onePointBeforeTraining() throws {
        let (eta, gamma, s) = (Self.learningRate, Self.momentum, Self.scale)
        let f = Self.network(0.8).output, theta = Self.kernel(0.8, 0.8), loss = s * (f - Self.minimum) * (f - Self.minimum)
        let vacuum = (1 - gamma) * (1 - gamma) / (3 * eta)
        let expected: KeyValuePairs<String, Double?> = [
            "output": f, "loss": loss, "kernel": theta, "kernelMean": theta, "leadingEigenvalue": theta, "gapRatio": nil, "uniformity": 1,
            "entropy": 0, "effectiveRank": 1, "drivingEigenvalue": theta, "spectralPosition": 1, "potential": theta * loss,
            "vacuumRatio": theta * loss / vacuum,
            "corrected.vacuumRatio": theta * loss / (vacuum * 2 / (1 + gamma)), "stability": eta * theta * 2 * s / (2 * (1 + gamma)),
            "largestLearningRate": (1 - gamma) * (1 - gamma) / (30 * theta * loss),
            "corrected.largestLearningRate": 2 * (1 - gamma) * (1 - gamma) / (30 * (1 + gamma) * theta * loss),
        ]
        #expect(expected.count == Quantity.all.filter { $0.stage == .initial }.count)
        let run = try Self.run(), result = try Self.result(run)
        try expect(QuantityValues(result), expected)

        // The same from the network alone, to the last bit: filters decide the same before and after the training.
        let before = QuantityValues(run, start: try Self.result(Self.run(isTrained: false)))
        let after = QuantityValues(result)
        for quantity in Quantity.all { #expect(before[quantity] == (quantity.stage == .final ? nil : after[quantity])) }
    }

    @Test func severalPointsBeforeTraining() throws {
        let (eta, gamma, s, m) = (Self.learningRate, Self.momentum, Self.scale, Self.minimum)
        let (f, g) = (Self.network(0.8).output, Self.network(-0.3).output)
        let (a, b, d) = (Self.kernel(0.8, 0.8), Self.kernel(0.8, -0.3), Self.kernel(-0.3, -0.3))
        // Eigenvalues of ((a, b), (b, d)), and the leading vector ∝ (b, λ₁ − a).
        let root = sqrt((a - d) * (a - d) / 4 + b * b)
        let (first, second) = ((a + d) / 2 + root, (a + d) / 2 - root)
        let (p, q) = (first / (first + second), second / (first + second))
        let entropy = -p * log(p) - q * log(q)
        let loss = s * (pow(f - m, 4) + pow(g - m, 4)) / 2, curvature = 12 * s * (pow(f - m, 2) + pow(g - m, 2)) / 2
        let vacuum = (1 - gamma) * (1 - gamma) / (3 * eta)
        // Slopes ∝ (f − m)³, and their Rayleigh quotient.
        let (u, v) = (pow(f - m, 3), pow(g - m, 3))
        let driving = (a * u * u + 2 * b * u * v + d * v * v) / (u * u + v * v)
        try expect(
            QuantityValues(Self.result(Self.run([0.8, -0.3], degree: 4))),
            [
                "points": 2, "output": (f + g) / 2, "loss": loss, "kernel": (a + d) / 2, "kernelMean": (a + 2 * b + d) / 4,
                "leadingEigenvalue": first / 2, "gapRatio": second / first,
                "uniformity": abs(b + first - a) / sqrt(2 * (b * b + (first - a) * (first - a))), "entropy": entropy,
                "effectiveRank": exp(entropy), "drivingEigenvalue": driving / 2, "spectralPosition": driving / first,
                "potential": first / 2 * loss, "vacuumRatio": first / 2 * loss / vacuum,
                "stability": eta * first / 2 * curvature / (2 * (1 + gamma)),
                "largestLearningRate": (1 - gamma) * (1 - gamma) / (30 * first / 2 * loss),
            ])
    }

    /// Errors of three predictions that have closed forms for one point and a quadratic loss.
    @Test func onePointAfterTraining() throws {
        let (eta, gamma, s, m, steps) = (Self.learningRate, Self.momentum, Self.scale, Self.minimum, Self.steps)
        var recording = Recording.everyStep
        recording.predictions = [.frozen, .exact, .null]
        let result = try Self.result(Self.run(recording: recording)), f = result.outputs
        try #require(f.count == steps + 1)
        let travels = f.map { abs($0 - f[0]) }, theta = Self.kernel(0.8, 0.8)
        func errors(_ name: String, _ predicted: [Double], tolerance: Double) throws {
            let errors = zip(predicted, f).map { abs($0 - $1) }
            try expect(
                QuantityValues(result),
                [
                    "\(name).endError": errors[steps], "\(name).greatestError": errors.max()!,
                    "\(name).errorOverTravel": errors[steps] / travels.max()!,
                    "\(name).greatestErrorOverTravel": errors.max()! / travels.max()!,
                ], tolerance: tolerance)
        }
        var recursion = [f[0], f[0]]
        for _ in 0..<steps {
            let now = recursion[recursion.count - 1]
            recursion.append(now + gamma * (now - recursion[recursion.count - 2]) - eta * theta * 2 * s * (now - m))
        }
        // Thirty steps with a few roundings each, of outputs and of the kernel.
        try errors("frozen", Array(recursion.dropFirst()), tolerance: 1e-12)
        try errors("exact", Array(recursion.dropFirst()), tolerance: 1e-12)
        // The integrator's relative tolerance of 10⁻¹², over some thirty steps.
        let rate = theta * 2 * s * sqrt(eta) / (1 - gamma)
        try errors("null", (0...steps).map { m + (f[0] - m) * exp(-rate * Double($0) * sqrt(eta)) }, tolerance: 1e-10)

        let loss = s * (f[steps] - m) * (f[steps] - m), drift = abs(result.kernels[1] - result.kernels[0]) / result.kernels[0]
        try expect(
            QuantityValues(result),
            [
                "finalOutput": f[steps], "finalLoss": loss, "travel": travels[steps], "greatestTravel": travels.max()!,
                "kernelDrift": drift, "divergedAt": nil, "lastStep": Double(steps), "lastLoss": loss, "corrected.endError": nil,
                "paper.greatestErrorOverTravel": nil,
            ])
        #expect(drift > 0.001)
    }

    @Test func severalPointsAfterTraining() throws {
        let result = try Self.result(Self.run([0.8, -0.3])), f = result.outputs, k = result.kernels, last = 2 * Self.steps
        func travel(_ row: Int) -> Double { sqrt((pow(f[row] - f[0], 2) + pow(f[row + 1] - f[1], 2)) / 2) }
        let change = (0..<4).reduce(0) { $0 + pow(k[4 + $1] - k[$1], 2) }, size = (0..<4).reduce(0) { $0 + pow(k[$1], 2) }
        try expect(
            QuantityValues(result),
            [
                "finalOutput": (f[last] + f[last + 1]) / 2, "travel": travel(last),
                "greatestTravel": stride(from: 0, through: last, by: 2).map(travel).max()!, "kernelDrift": sqrt(change / size),
                "finalLoss": Self.scale * (pow(f[last] - Self.minimum, 2) + pow(f[last + 1] - Self.minimum, 2)) / 2,
            ])
    }

    @Test func endsAreEnoughForAllButTheGreatestTravel() throws {
        let whole = QuantityValues(try Self.result(Self.run()))
        let ends = QuantityValues(try Self.result(Self.run(recording: Recording())))
        for quantity in Quantity.all {
            #expect(ends[quantity] == (quantity.name == "greatestTravel" ? nil : whole[quantity]), "\(quantity.name)")
        }
    }

    @Test func everyQuantityHasAValueWhereAllIsAsked() throws {
        // What other optimisers than heavy ball have, and ensembles.
        let others = Set(UpdateRule.ownParameters.map(\.name)).subtracting(["hubble"]).union(["finalHubble", "eFolds"])
            .union(Self.parametersOfEnsembles + Self.findingsOfEnsembles)
        for points in [[0.8, -0.3], [0.8]] {
            var run = try Self.run(points, recording: Recording(predictions: Prediction.allCases))
            run.source = .seed(5)
            let values = QuantityValues(try Self.result(run))
            for quantity in Quantity.all {
                // One field has no second mode, and several have no next-to-leading order.
                let isAbsent =
                    quantity.name == "divergedAt" || others.contains(quantity.name) || quantity.name.hasPrefix("universe.")
                    || (points.count == 1 ? quantity.name == "gapRatio" : quantity.name.hasPrefix("nlo."))
                #expect(values[quantity]?.isFinite == (isAbsent ? nil : true), "\(quantity.name)")
            }
        }
    }

    @Test func predictionsThatDoNotApplyHaveNoValue() throws {
        let recording = Recording(predictions: [.corrected, .exact, .frozen])
        let quartic = QuantityValues(try Self.result(Self.run(degree: 4, recording: recording)))
        #expect(try quartic.value("exact.endError") == nil)
        #expect(try quartic.value("corrected.endError") != nil)
        let schedule = try Schedule(
            learningRates: (0..<Self.steps).map { 0.01 + 0.001 * Double($0) }, momenta: Array(repeating: 0.5, count: Self.steps))
        let changing = QuantityValues(try Self.result(Self.run(recording: recording, schedule: schedule)))
        #expect(try changing.value("corrected.endError") == nil)
        #expect(try changing.value("frozen.endError") != nil)
        #expect(try changing.value("learningRate") == 0.01)
    }

    /// Parameters by their names, and what the rule records of the last step.
    @Test func otherOptimisersHaveTheirOwn() throws {
        let schedule = try Schedule(.friedmann, values: [[0.01], [0.5], [0.25], [2]])
        var result = try Self.result(Self.run(recording: Recording(predictions: [.universe]), schedule: schedule))
        result.controls = (0...Self.steps).flatMap { [1 / Double($0 + 1), Double($0)] }
        let values = QuantityValues(result)
        for (name, expected) in [
            ("planckMass", 0.5), ("cosmologicalConstant", 0.25), ("fieldKernel", 2), ("learningRate", 0.01), ("momentum", nil),
            ("hubble", nil), ("vacuumEnergy", nil), ("vacuumRatio", nil), ("stability", nil), ("largestLearningRate", nil),
            ("equationOfState", nil), ("finalHubble", 1 / Double(Self.steps + 1)), ("eFolds", Double(Self.steps)),
        ] as [(String, Double?)] {
            #expect(try values.value(name) == expected, "\(name)")
        }
        #expect(try values.value("universe.endError") != nil)
        let sitter = try Self.run(schedule: Schedule(.deSitter, values: [[0.01], [0.75]]))
        try expect(QuantityValues(sitter), ["hubble": 0.75, "friction": nil])
    }

    @Test func withoutKernelThereIsWhatNeedsNone() throws {
        var run = try Self.run([0.8, -0.3], recording: Recording(predictions: [.frozen]))
        run.tangentKernel = nil
        let values = QuantityValues(try Self.result(run))
        for name in [
            "kernel", "kernelMean", "gapRatio", "uniformity", "potential", "vacuumRatio", "stability", "kernelDrift", "frozen.endError",
        ] {
            #expect(try values.value(name) == nil, "\(name)")
        }
        for name in ["output", "loss", "finalOutput", "finalLoss", "travel", "greatestTravel", "lastLoss"] {
            #expect(try values.value(name) != nil, "\(name)")
        }
    }

    @Test func untrainedNetworksHaveNoEnd() throws {
        let values = QuantityValues(try Self.result(Self.run(isTrained: false)))
        for quantity in Quantity.all where quantity.stage == .final { #expect(values[quantity] == nil, "\(quantity.name)") }
        for name in ["loss", "potential", "vacuumRatio", "stability", "largestLearningRate"] { #expect(try values.value(name) == nil) }
        #expect(try values.value("kernel") != nil)
    }

    /// At γ = 1 nothing expands: V₀ = 0.
    @Test func withoutFrictionThereIsNoVacuumEnergy() throws {
        let run = try Self.run(
            recording: Recording(predictions: [.null, .frozen]), schedule: Schedule(learningRate: Self.learningRate, momentum: 1))
        let values = QuantityValues(try Self.result(run))
        try expect(values, ["friction": 0, "vacuumEnergy": 0, "largestLearningRate": 0, "null.endError": nil])
        #expect(try values.value("vacuumRatio") == .infinity)
        #expect(try values.value("frozen.endError") != nil)
    }

    /// η Θ l″ ≫ 2(1 + γ): the outputs overflow.
    @Test func divergenceHasNoEndButALastState() throws {
        var recording = Recording.everyStep
        recording.predictions = [.frozen, .corrected]
        var run = try Self.run([1], degree: 4, recording: recording, schedule: Schedule(learningRate: 10), steps: 40)
        run.architecture = try Architecture(widths: [2], activation: .relu)
        run.training!.loss = try .power(degree: 4, scale: 1e3, minimum: 5)
        let result = try Self.result(run)
        let last = try #require(zip(result.outputs, result.losses).enumerated().first { !($1.0.isFinite && $1.1.isFinite) }).offset - 1
        let values = QuantityValues(result)
        try expect(values, ["lastStep": Double(last), "lastLoss": result.losses[last], "finalLoss": nil, "travel": nil])
        #expect(try values.value("divergedAt") == result.divergedAt.map(Double.init))
        #expect(try #require(try values.value("stability")) > 1)
        for quantity in Quantity.all where quantity.stage == .final && !["divergedAt", "lastStep", "lastLoss"].contains(quantity.name) {
            #expect(values[quantity] == nil, "\(quantity.name)")
        }
        for quantity in Quantity.all { #expect(values[quantity]?.isNaN != true) }
    }
}
