import Engines
import Networks
import Runs
import ScanFiles
import Testing

/// All runs of a scan file whose candidates need no measurement.
func runs(_ text: String, overrides: [String] = []) throws -> [Run] {
    let file = try ScanFile(text: text, source: "scan.yaml", overrides: overrides)
    return try (0..<file.count).compactMap {
        if case .run(let run) = try file.candidate(at: $0, known: { _ in nil }) { run } else { nil }
    }
}

/// What is wrong with a scan file.
func problem(_ text: String, overrides: [String] = []) -> String? {
    do {
        _ = try ScanFile(text: text, source: "scan.yaml", overrides: overrides)
        return nil
    } catch { return "\(error)" }
}

extension Run {
    var seed: UInt64? { if case .seed(let seed) = source { seed } else { nil } }
    var learningRate: Double? { training?.schedule.learningRates[0] }
    var momentum: Double? { training?.schedule.momenta[0] }
    var anchors: [Double]? {
        switch training?.loss.anchors {
        case .perOutput(let values)?, .perPoint(let values)?: values
        case nil: nil
        }
    }
}
