import Foundation
import Kernels

/// The OpenCL C sources: those embedded in the binary, or the files of the folder that INFLATON_KERNELS names, so that kernels can
/// be edited without rebuilding.
enum KernelLibrary {
    /// The text of a kernel file with `prelude` before it. Every `#include "x"` is replaced by that file, once, and `#line`
    /// directives make build logs name the file.
    static func source(_ file: String, prelude: String = "") throws -> String {
        var included: Set<String> = []
        return try prelude + expand(file, &included)
    }

    private static func expand(_ file: String, _ included: inout Set<String>) throws -> String {
        guard included.insert(file).inserted else { return "" }
        var result = "#line 1 \"\(file)\"\n"
        for (number, line) in try text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("#include \""), let name = line.split(separator: "\"").dropFirst().first {
                result += try expand(String(name), &included) + "#line \(number + 2) \"\(file)\"\n"
            } else {
                result += line + "\n"
            }
        }
        return result
    }

    private static func text(_ file: String) throws -> String {
        if let folder = ProcessInfo.processInfo.environment["INFLATON_KERNELS"], !folder.isEmpty {
            guard let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) else {
                throw EngineError.invalidJob("INFLATON_KERNELS names \(folder), which has no readable \(file)")
            }
            return text
        }
        guard let text = KernelSources.files[file] else { throw EngineError.invalidJob("no kernel file is called \(file)") }
        return text
    }
}
