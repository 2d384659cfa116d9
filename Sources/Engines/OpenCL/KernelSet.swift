import Networks
import OpenCL

/// The kernels of an engine, each compiled for what changes its code.
struct KernelSet: Sendable {
    let context: Context
    let precision: Precision

    /// The kernel `name` of `file`, built with vectors of that width and those macros, with arguments of its own.
    /// - Throws: `EngineError.invalidJob` without such a file, `OpenCLError`.
    func kernel(_ file: String, _ name: String, vectorWidth: Int = 1, _ macros: [(String, String)] = []) throws -> Kernel {
        let all =
            [
                ("REAL", precision == .float64 ? "double" : "float"), ("VW", "\(vectorWidth)"),
                ("DOUBLE", precision == .float64 ? "1" : "0"), ("FP64", context.device.supportsDouble ? "1" : "0"),
                ("ON_CPU", context.device.kind == .cpu ? "1" : "0"),
            ] + macros
        let prelude = all.map { "#define \($0.0) \($0.1)\n" }.joined()
        // The context compiles a source once.
        return try context.program(source: KernelLibrary.source(file, prelude: prelude), options: "-cl-std=CL1.2 -w").kernel(named: name)
    }
}
