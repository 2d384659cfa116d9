import Foundation
import OpenCL

/// The engine that `--device` and `--precision` ask for.
public struct EngineChoice: Sendable {
    /// The engine.
    public let engine: any Engine
    /// Why it is not the one that the default would prefer; nil if it is.
    public let note: String?

    /// Chooses an engine.
    ///
    /// - Parameters:
    ///   - request: `reference`, `opencl`, an index or part of a device's name; nil for the variable INFLATON_DEVICE, and without it
    ///     for the best OpenCL device, or the reference engine where there is none.
    ///   - precision: nil for float32 on GPUs and float64 elsewhere.
    /// - Throws: `OpenCLError.noSuchDevice` if an explicit request cannot be met; `EngineError.unsupported`.
    public static func select(
        _ request: String?, precision: Precision? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> EngineChoice {
        let asked = request ?? environment["INFLATON_DEVICE"].flatMap { $0.isEmpty ? nil : $0 }
        if asked?.lowercased() == "reference" {
            guard precision == nil || precision == .float64 else {
                throw EngineError.unsupported(
                    precision: precision!, device: "the reference engine", remedy: "use --precision float64, or an OpenCL device")
            }
            return EngineChoice(engine: ReferenceEngine(), note: nil)
        }
        guard let device = try Device.select(request, environment: environment) else {
            guard precision == nil || precision == .float64 else {
                throw EngineError.unsupported(
                    precision: precision!, device: "the reference engine, which stands in because there is no OpenCL driver",
                    remedy: "use --precision float64, or install pocl-opencl-icd or a GPU driver")
            }
            return EngineChoice(
                engine: ReferenceEngine(),
                note: "no OpenCL driver was found, so the reference engine computes, slowly; install pocl-opencl-icd or a GPU driver")
        }
        return EngineChoice(engine: try OpenCLEngine(context: Context(device: device), precision: precision), note: nil)
    }
}
