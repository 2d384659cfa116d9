import Networks
import OpenCL
import Synchronization

/// The compiled kernels of an engine, by what changes their code.
final class KernelSet: Sendable {
    let context: Context
    let precision: Precision
    private let kernels = Mutex<[Key: Kernel]>([:])

    private struct Key: Hashable {
        let file: String
        let name: String
        let prelude: String
    }

    init(context: Context, precision: Precision) {
        self.context = context
        self.precision = precision
    }

    /// The kernel `name` of `file`, built with vectors of that width and those macros.
    func kernel(_ file: String, _ name: String, vectorWidth: Int = 1, _ macros: [(String, String)] = []) throws -> Kernel {
        let real = precision == .float64 ? "double" : "float"
        let all =
            [
                ("REAL", real), ("VW", "\(vectorWidth)"), ("DOUBLE", precision == .float64 ? "1" : "0"),
                ("FP64", context.device.supportsDouble ? "1" : "0"),
            ] + macros
        let prelude = all.map { "#define \($0.0) \($0.1)\n" }.joined()
        let key = Key(file: file, name: name, prelude: prelude)
        if let found = kernels.withLock({ $0[key] }) { return found }
        let program = try context.program(source: KernelLibrary.source(file, prelude: prelude), options: "-cl-std=CL1.2 -w")
        let made = try program.kernel(named: name)
        kernels.withLock { $0[key] = made }
        return made
    }
}
