import Compute
import Foundation
import OpenCL

extension EngineChoice {
    /// The engines that several `--device` options ask for, each device once; all compute in the same precision.
    ///
    /// - Parameters:
    ///   - requests: as in ``select(_:precision:environment:)``, or `all` for every device of the best one's kind. Empty for the
    ///     default.
    ///   - precision: nil for float32 if the first is a GPU and float64 elsewhere.
    /// - Throws: `OpenCLError.noSuchDevice`, `EngineError.unsupported`.
    public static func selectSeveral(
        _ requests: [String], precision: Precision? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> [EngineChoice] {
        var words = requests.flatMap { $0.split(separator: ",").map(String.init) }
        if words.contains(where: { $0.lowercased() == "all" }) {
            let devices = Device.all
            words = devices.indices.filter { devices[$0].kind == devices[0].kind }.map { "\($0)" }
            if words.isEmpty { throw OpenCLError.noSuchDevice(asked: "all", available: []) }
        }
        guard words.count > 1 else { return [try select(words.first, precision: precision, environment: environment)] }
        var seen: Set<String> = []
        var choices: [EngineChoice] = []
        for word in words where seen.insert(word.lowercased()).inserted {
            choices.append(
                try select(
                    word, precision: precision ?? choices.first?.engine.description.precision, environment: environment))
        }
        return choices
    }
}
