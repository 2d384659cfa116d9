import Foundation
import Networks
import Testing

/// What architectures, inputs, schedules and weights accept, how they say what they do not, and how they are kept as JSON.
@Suite struct ValueTests {
    @Test func layersFollowEachOther() throws {
        let architecture = try Architecture(inputs: 3, widths: [5, 2], outputs: 4, activation: .erf)
        #expect(architecture.depth == 2)
        #expect(architecture.layers.map(\.fanIn) == [3, 5, 2] && architecture.layers.map(\.fanOut) == [5, 2, 4])
        #expect(architecture.layers.map(\.offset) == [0, 20, 32])
        #expect(architecture.parameterCount == 44)
        let bare = try Architecture(inputs: 3, widths: [5, 2], outputs: 4, hasBias: false, activation: .erf)
        #expect(bare.layers.map(\.offset) == [0, 15, 25] && bare.parameterCount == 33)
    }

    @Test func sizesAreChecked() {
        func message(_ inputs: Int, _ widths: [Int], _ outputs: Int) -> String {
            let error = #expect(throws: NetworkError.self) {
                try Architecture(inputs: inputs, widths: widths, outputs: outputs, activation: .relu)
            }
            return error?.description ?? ""
        }
        #expect(message(0, [3], 1).contains("number of inputs is 0"))
        #expect(message(1, [3, 0], 1).contains("a width is 0"))
        #expect(message(1, [3], -1).contains("number of outputs is -1"))
        #expect(message(1, [1 << 40, 1 << 40], 1).contains("number of parameters is above 2^48"))
        #expect(message(1, [.max], 1).contains("number of parameters"))
        #expect(message(.max, [2], 1).contains("number of parameters"))
    }

    @Test func scalesOfTheParameterisations() {
        #expect(Parameterisation.ntk.forwardScales(sigmaW: 3, sigmaB: 0.5, fanIn: 4) == (1.5, 0.5))
        #expect(Parameterisation.ntk.initialScales(sigmaW: 3, sigmaB: 0.5, fanIn: 4) == (1, 1))
        #expect(Parameterisation.standard.forwardScales(sigmaW: 3, sigmaB: 0.5, fanIn: 4) == (1, 1))
        #expect(Parameterisation.standard.initialScales(sigmaW: 3, sigmaB: 0.5, fanIn: 4) == (1.5, 0.5))
    }

    @Test func inputsAreChecked() throws {
        #expect(try Inputs([1, 2, 3]).points == 3)
        for (points, dimension, values) in [(0, 1, []), (2, 2, [1, 2, 3]), (1, 0, [])] as [(Int, Int, [Double])] {
            let error = #expect(throws: NetworkError.self) { try Inputs(points: points, dimension: dimension, values: values) }
            #expect(error?.description.contains("(\(points), \(dimension)) with \(values.count) values") ?? false)
        }
        let error = #expect(throws: NetworkError.self) { try Inputs(points: 2, dimension: 2, values: [1, 2, 3, .infinity]) }
        #expect(error?.description.contains("point 1, coordinate 1") ?? false)
    }

    @Test func schedulesAreChecked() throws {
        let schedule = try Schedule(learningRates: [0.1, 0.2], momenta: [0, 0.9])
        #expect(schedule.learningRate(at: 1) == 0.2 && schedule.momentum(at: 1) == 0.9 && !schedule.isConstant)
        let constant = try Schedule(learningRate: 0.1, momentum: 1)
        #expect(constant.learningRate(at: 77) == 0.1 && constant.momentum(at: 77) == 1 && constant.isConstant)
        for rate in [0, -1, Double.nan, .infinity] {
            let error = #expect(throws: NetworkError.self) { try Schedule(learningRate: rate) }
            #expect(error?.description.contains("the learning rate is \(rate), but must be positive and finite") ?? false)
        }
        for momentum in [-0.1, 1.1, Double.nan] {
            let error = #expect(throws: NetworkError.self) { try Schedule(learningRate: 1, momentum: momentum) }
            #expect(error?.description.contains("the momentum is \(momentum), but must be from 0 to 1") ?? false)
        }
        for (rates, momenta) in [([], []), ([1], [0, 0]), ([1, 1], [0])] as [([Double], [Double])] {
            let error = #expect(throws: NetworkError.self) { try Schedule(learningRates: rates, momenta: momenta) }
            #expect(error?.description.contains("schedule of momenta has shape (\(momenta.count))") ?? false)
        }
    }

    /// A weight that is no number is refused by its place.
    @Test func weightsAreChecked() throws {
        let architecture = try Architecture(inputs: 2, widths: [3], outputs: 2, activation: .relu)
        let places = [
            (4, "W1 holds a value that is not finite at row 1, column 1"), (8, "b1 holds a value that is not finite at row 0, column 2"),
            (9, "W2 holds a value that is not finite at row 0, column 0"), (16, "b2 holds a value that is not finite at row 0, column 1"),
        ]
        for (index, text) in places {
            for bad in [Double.nan, .infinity, -.infinity] {
                var values = [Double](repeating: 1, count: architecture.parameterCount)
                values[index] = bad
                let error = #expect(throws: NetworkError.self) { try Weights(values, for: architecture) }
                #expect(error?.description.hasPrefix(text) ?? false)
            }
        }
        let error = #expect(throws: NetworkError.self) { try Weights([1, 2], for: architecture) }
        #expect(error?.description.contains("list of weights has shape (2), expected (17)") ?? false)
    }

    @Test func namesAreKept() throws {
        #expect(Activation.all.map(\.name) == ["relu", "erf", "tanh", "gelu", "sin", "identity"])
        #expect(Set(Activation.all).count == Activation.all.count)
        for activation in Activation.all { #expect(Activation.named(activation.name) == activation) }
        #expect(Activation.named("swish") == nil)
        let error = #expect(throws: NetworkError.self) { try JSONDecoder().decode([Activation].self, from: Data(#"["swish"]"#.utf8)) }
        #expect(error?.description == "unknown activation 'swish'; known are relu, erf, tanh, gelu, sin, identity")
    }

    @Test func valuesSurviveJSON() throws {
        func again<Value: Codable & Equatable>(_ value: Value) throws {
            #expect(try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value)) == value)
        }
        try again(Architecture(inputs: 2, widths: [3, 4], outputs: 2, hasBias: false, activation: .gelu, parameterisation: .standard))
        try again(Loss(shape: .evenPower(6), scale: 0.1, anchors: .perPoint([1, 2])))
        try again(Loss(shape: .doubleWell, scale: 0.1, anchors: .perOutput([1])))
        try again(Inputs(points: 1, dimension: 2, values: [1, 2]))
        // What JSON says is checked as well.
        let bad = #"{"inputs":0,"widths":[3],"outputs":1,"hasBias":true,"activation":"relu","parameterisation":"ntk"}"#
        #expect(throws: NetworkError.self) { try JSONDecoder().decode(Architecture.self, from: Data(bad.utf8)) }
    }

    /// The values against others made without them: Φ(1) and the derivative of z Φ(z) at 1 are 0.841344746068542949 and 1.083315470587686
    /// (Abramowitz and Stegun, table 26.1), erf(1) = 0.842700792949714869 (7.1), tanh(1) = 0.761594155955764888.
    @Test func knownValues() {
        func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 4e-16 * abs(b) }
        #expect(close(Activation.erf.value(1), 0.842700792949714869))
        #expect(close(Activation.tanh.value(1), 0.761594155955764888))
        #expect(close(Activation.gelu.value(1), 0.841344746068542949))
        #expect(abs(Activation.gelu.slope(1) - 1.083315470587686) <= 1e-15)
        #expect(close(Activation.sin.value(0.5), 0.479425538604203000))
        #expect(
            Activation.relu.value(-2) == 0 && Activation.relu.value(2) == 2 && Activation.relu.slope(0) == 0
                && Activation.relu.slope(3) == 1)
        #expect(Activation.relu.value(.nan).isNaN)
        // In the far negative tail z Φ(z) keeps its relative accuracy: −10 Φ(−10), Φ(−10) = 7.619853024160526e-24.
        #expect(abs(Activation.gelu.value(-10) / -7.619853024160526e-23 - 1) <= 1e-13)
    }
}
