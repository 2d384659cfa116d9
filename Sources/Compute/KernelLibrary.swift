import Foundation
import Kernels

/// The OpenCL C sources: those embedded in the binary, or the files of the folder that INFLATON_KERNELS names, so that kernels can
/// be edited without rebuilding.
package struct KernelLibrary: Sendable {
    /// Files of a family that are not in the folder, by name.
    private let own: [String: String]

    /// The files of the folder, and others beside them.
    package init(_ own: [String: String] = [:]) { self.own = own }

    /// The text of a kernel file with `prelude` before it. Every `#include "x"` is replaced by that file, once, and `#line`
    /// directives make build logs name the file.
    /// - Throws: `KernelSourceError`.
    package func source(_ file: String, prelude: String = "") throws -> String {
        var included: Set<String> = []
        return try prelude + expand(file, &included)
    }

    private func expand(_ file: String, _ included: inout Set<String>) throws -> String {
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

    private func text(_ file: String) throws -> String {
        if let text = own[file] { return text }
        if let folder = ProcessInfo.processInfo.environment["INFLATON_KERNELS"], !folder.isEmpty {
            guard let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) else {
                throw KernelSourceError.unreadable(folder: folder, file: file)
            }
            return text
        }
        guard let text = KernelSources.files[file] else { throw KernelSourceError.unknown(file: file) }
        return text
    }
}

/// Why the source of a kernel is not to be had.
public enum KernelSourceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder that INFLATON_KERNELS names has no such file, or it cannot be read.
    case unreadable(folder: String, file: String)
    /// No source is called so.
    case unknown(file: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .unreadable(let folder, let file): "INFLATON_KERNELS names \(folder), which has no readable \(file)"
        case .unknown(let file): "no kernel file is called \(file)"
        }
    }
}
