import OpenCL
import Synchronization

/// The kernels of an engine, each compiled for what changes its code.
package final class KernelSet: Sendable {
    package let context: Context
    package let precision: Precision
    private let library: KernelLibrary
    /// Putting a source together takes a millisecond, as long as a small batch.
    private let programs = Mutex<[Variant: Program]>([:])

    /// A file and what stands before it.
    private struct Variant: Hashable {
        let file: String
        let vectorWidth: Int
        let macros: [(String, String)]

        static func == (left: Self, right: Self) -> Bool {
            left.file == right.file && left.vectorWidth == right.vectorWidth && left.macros.elementsEqual(right.macros, by: ==)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(file)
            hasher.combine(vectorWidth)
            for (name, text) in macros {
                hasher.combine(name)
                hasher.combine(text)
            }
        }
    }

    /// Those of a context in some arithmetic.
    /// - Parameter library: where their files are. Default: the folder `Kernels`.
    package init(context: Context, precision: Precision, library: KernelLibrary = KernelLibrary()) {
        self.context = context
        self.precision = precision
        self.library = library
    }

    /// The kernel `name` of `file`, built with vectors of that width and those macros, with arguments of its own.
    /// - Throws: `KernelSourceError` without such a file, `OpenCLError`.
    package func kernel(_ file: String, _ name: String, vectorWidth: Int = 1, _ macros: [(String, String)] = []) throws -> Kernel {
        let variant = Variant(file: file, vectorWidth: vectorWidth, macros: macros)
        if let program = programs.withLock({ $0[variant] }) { return try program.kernel(named: name) }
        let all =
            [
                ("REAL", precision == .float64 ? "double" : "float"), ("VW", "\(vectorWidth)"),
                ("DOUBLE", precision == .float64 ? "1" : "0"), ("FP64", context.device.supportsDouble ? "1" : "0"),
                ("ON_CPU", context.device.kind == .cpu ? "1" : "0"),
            ] + macros
        let prelude = all.map { "#define \($0.0) \($0.1)\n" }.joined()
        let program = try context.program(source: library.source(file, prelude: prelude), options: "-cl-std=CL1.2 -w")
        programs.withLock { $0[variant] = program }
        return try program.kernel(named: name)
    }
}
