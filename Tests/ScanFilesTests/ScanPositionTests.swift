import Foundation
import Networks
import Runs
import ScanFiles
import Testing

/// Every error of a value in every place where a value may stand: alone, in a list, in a group of `together`, and at the end of an interval
/// or a range. Where an error was thrown out of the wrong one of them, release builds crashed.
@Suite struct ScanPositionTests {
    /// A value that cannot be, and what its message says.
    struct Fault: Sendable, CustomTestStringConvertible {
        let value: String
        let message: String
        var testDescription: String { value }
    }

    static let faults = [
        Fault(value: "sigma", message: "unknown name 'sigma'"), Fault(value: "1 +", message: "in the expression '1 +'"),
        Fault(value: "relu", message: "'relu' is a word"), Fault(value: "true", message: "'true' is true or false"),
        Fault(value: "1 + relu", message: "'relu' in '1 + relu' is a word"), Fault(value: "activation", message: "'activation' is a word"),
        Fault(value: "travel", message: "known only after the training"), Fault(value: "targets", message: "targets"),
        Fault(value: "1e400", message: "below 1.8e308"), Fault(value: "1e-400", message: "at least 4.9e-324"),
        Fault(value: ".inf", message: "in the expression '.inf'"), Fault(value: ".nan", message: "in the expression '.nan'"),
        Fault(value: "0x10", message: "in the expression '0x10'"), Fault(value: "010", message: "does not begin with a 0"),
        Fault(value: "1_000", message: "in the expression '1_000'"), Fault(value: "{from: sigma, to: 1, count: 2}", message: ""),
        Fault(value: "[[]]", message: ""), Fault(value: "{}", message: ""),
    ]
    static let keys = [
        "width", "depth", "outputs", "sigmaW", "sigmaB", "degree", "scale", "minimum", "learningRate", "momentum", "steps", "let x",
        "widths", "learningRates", "momenta",
    ]

    /// The same value in three places, the last line of the file.
    static func places(_ key: String, _ value: String) -> [String] {
        let quoted = value.contains("{") || value.contains("[") ? value : "\"\(value)\""
        let isList = ["widths", "learningRates", "momenta"].contains(key), good = key == "degree" ? "2" : "1"
        let (element, first) = isList ? ("[\(quoted)]", "[\(good)]") : (quoted, good)
        return ["\(key): \(element)", "\(key): [\(first), \(element)]", "together: [[{\(key): \(first)}, {\(key): \(element)}]]"]
    }

    @Test(arguments: faults) func everyKeyEverywhere(_ fault: Fault) throws {
        for key in Self.keys {
            // Lists hold no expressions that name something.
            let isNamed = ["sigma", "travel", "targets"].contains(fault.value) && ["widths", "learningRates", "momenta"].contains(key)
            let expected = isNamed ? "'\(fault.value)', which is no number" : fault.message
            for line in Self.places(key, fault.value) {
                let found = problem("name: x\n\(line)")
                let message = try #require(found, "\(line)")
                #expect(
                    message.hasPrefix("scan.yaml:2: ") && (expected.isEmpty || message.contains(expected)), "\(line): \(message)")
            }
        }
    }

    @Test(arguments: faults) func everyEnd(_ fault: Fault) throws {
        let quoted = fault.value.contains("{") || fault.value.contains("[") ? fault.value : "\"\(fault.value)\""
        let lines = [
            "inputs: {interval: {count: 3, from: 0, to: \(quoted)}}", "inputs: {interval: {count: 3, from: \(quoted), to: 1}}",
            "inputs: [{points: [1]}, {interval: {count: 3, from: 0, to: \(quoted)}}]",
            "together: [[{inputs: {points: [1]}}, {inputs: {interval: {count: 3, from: 0, to: \(quoted)}}}]]",
            "sigmaW: {from: 0, to: \(quoted), count: 3}", "sigmaW: {from: 0, to: 1, step: \(quoted)}",
            "sigmaW: {draw: uniform, from: 0, to: \(quoted), count: 2}", "inputs: {circle: {count: 3, radius: \(quoted)}}",
            "inputs: {points: [1, \(quoted)]}", "seed: {count: \(quoted)}", "seed: [1, \(quoted)]", "samples: \(quoted)",
            "record: {trajectory: [1, \(quoted)]}", "targets: {values: [1, \(quoted)]}",
        ]
        for line in lines {
            let message = try #require(problem("name: x\n\(line)"), "\(line)")
            #expect(message.hasPrefix("scan.yaml:2: "), "\(line): \(message)")
        }
    }

    /// Words and flags stand where they are meant.
    @Test(arguments: [
        ("activation: relu\nwhere: activation == relu", 1), ("activation: [relu, erf]\nwhere: not (activation != erf)", 1),
        ("bias: [true, false]\nwhere: bias", 1), ("bias: [true, false]\nwhere: bias == false", 1), ("where: true", 1),
        ("bias: [true, false]\nsigmaW: 1 + (bias == true)", 2), ("activation: [relu, erf]\nsigmaW: 1 + (activation == relu)", 2),
        ("learningRate: 1\nsteps: 1\nwhere: loss >= 0", 1),
    ]) func wordsAreCompared(_ text: String, _ count: Int) throws {
        let file = try ScanFile(text: text, source: "scan.yaml")
        var runs = 0
        for index in 0..<file.count {
            switch try file.candidate(at: index, known: { _ in nil }) {
            case .run, .needs: runs += 1
            case .excluded, .refused: break
            }
        }
        #expect(runs == count)
    }

    @Test(arguments: [
        "where: relu", "where: activation", "where: activation == 1", "where: activation < relu", "where: bias < 1", "where: not relu",
        "where: width and relu", "sigmaW: bias", "sigmaW: abs(true)", "sigmaW: min(1, true)", "sigmaW: -true", "let w: relu", "let f: true",
        "learningRate: 1\nsteps: 1\nwhere: loss == doubleWell",
    ]) func wordsAreNoNumbers(_ text: String) throws {
        let message = try #require(problem(text))
        #expect(message.contains("a number must stand there"), "\(message)")
    }
}
