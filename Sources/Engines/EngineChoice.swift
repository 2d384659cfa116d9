import Compute
import Foundation
import OpenCL

/// The engine that `--device` and `--precision` ask for.
public struct EngineChoice: Sendable {
    public let engine: any Engine
    /// Why it is not the one that the default would prefer; nil if it is.
    public let note: String?

    /// Chooses an engine.
    ///
    /// - Parameters:
    ///   - request: `reference`, `opencl`, a driver's word, an index or part of a device's name; nil for the variable INFLATON_DEVICE and, where that is
    ///     unset or names what this machine does not have, the best OpenCL device, or the reference engine where there is none.
    ///   - precision: nil for float32 on GPUs and float64 elsewhere.
    /// - Throws: `OpenCLError.noSuchDevice` if `request` cannot be met; `EngineError.unsupported`.
    public static func select(
        _ request: String?, precision: Precision? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> EngineChoice {
        let asked = request ?? environment["INFLATON_DEVICE"].flatMap { $0.isEmpty ? nil : $0 }
        if asked?.lowercased() == "reference" { return EngineChoice(engine: try reference(precision), note: nil) }
        // Looked for only now: loading the drivers takes a tenth of a second.
        let devices = Device.all
        var notes: [String] = []
        let device: Device?
        do {
            device = try Device.select(asked, environment: [:], among: devices)
        } catch let error as OpenCLError where request == nil {
            // A variable set for another machine must not stop the work on this one.
            notes.append("INFLATON_DEVICE cannot be met, so the default is taken: \(error)")
            device = devices.first
        }
        guard let device else {
            notes.append("the reference engine computes, slowly, because \(InstalledDrivers.absence(environment: environment))")
            return EngineChoice(engine: try reference(precision), note: notes.joined(separator: "; "))
        }
        let engine = try OpenCLEngine(context: Context(device: device), precision: precision, environment: environment)
        if device.keepsPrograms, let note = ProgramStorage.current.note { notes.append(note) }
        notes += engine.tuningState.warnings
        return EngineChoice(engine: engine, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    private static func reference(_ precision: Precision?) throws(EngineError) -> ReferenceEngine {
        guard precision == nil || precision == .float64 else {
            throw .unsupported(
                precision: precision!, device: "the reference engine",
                remedy: "use --precision float64, or an OpenCL device (install pocl-opencl-icd or a GPU driver)")
        }
        return ReferenceEngine()
    }

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
