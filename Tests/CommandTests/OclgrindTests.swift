import Foundation
import TestSupport
import Testing

/// All kernels at small sizes in Oclgrind, a simulator of OpenCL devices that watches every access to memory.
@Suite struct OclgrindTests {
    /// What a run watches for.
    enum Watch: String, Sendable {
        /// Accesses out of bounds, races between work-items and between work-groups, and wrong calls of the API.
        case accesses
        /// Decisions and stores that depend on memory that nothing has been written to.
        case uninitialised

        var variables: [String: String] {
            // Of inlined functions that return structures Oclgrind's compiler makes intrinsics that Oclgrind does not know.
            let build = ["OCLGRIND_BUILD_OPTIONS": "-cl-opt-disable"]
            return switch self {
            case .accesses: build.merging(["OCLGRIND_DATA_RACES": "1", "OCLGRIND_CHECK_API": "1"]) { $1 }
            case .uninitialised: build.merging(["OCLGRIND_UNINITIALIZED": "1"]) { $1 }
            }
        }
    }

    /// One run of the sweep.
    struct Sweep: Sendable, CustomTestStringConvertible {
        let watch: Watch
        let kernels: String
        let precision: String
        /// Oclgrind 21.10 follows shuffles of up to four components only: it reports a vector of eight or sixteen, all of which the host has
        /// written, as uninitialised after its components were reversed. Uninitialised values are therefore looked for with vectors of
        /// four floats or two doubles. GPUs have no longer ones anyway, and the sources do not depend on the length but for
        /// unrolled sums and shuffles.
        var vectorBytes: [String] { watch == .uninitialised ? ["--vector-bytes", "16"] : [] }
        var testDescription: String { "\(watch.rawValue) \(kernels) \(precision)" }

        static let all = [Watch.accesses, .uninitialised].flatMap { watch in
            ["gpu", "cpu"].flatMap { kernels in
                ["float32", "float64", "mixed"].map { Sweep(watch: watch, kernels: kernels, precision: $0) }
            }
        }
    }

    private static let simulator = "/usr/lib/oclgrind/liboclgrind-rt-icd.so"

    /// The names of the kernels that the sweep launched, and what Oclgrind reported. Its exit status does not tell.
    private func run(_ sweep: Sweep, sources: String? = nil, log: String) throws -> (names: [Substring], report: String) {
        try #require(
            FileManager.default.fileExists(atPath: Self.simulator), "Oclgrind is missing: apt-get install oclgrind, or run Scripts/test")
        try Data().write(to: URL(filePath: log))
        var variables = ["OCL_ICD_VENDORS": Self.simulator, "OCLGRIND_LOG": log].merging(sweep.watch.variables) { $1 }
        variables["INFLATON_KERNELS"] = sources
        let run = try Command.run(
            ["sweep-kernels", "--kernels", sweep.kernels, "--precision", sweep.precision] + sweep.vectorBytes, environment: variables)
        try #require(run.status == 0, "\(run.errors)")
        return (run.output.split(separator: "\n"), try String(contentsOfFile: log, encoding: .utf8))
    }

    @Test(arguments: Sweep.all)
    func nothingIsReported(_ sweep: Sweep) throws {
        let log = FileManager.default.temporaryDirectory.appending(
            path: "inflaton-oclgrind-\(sweep.watch.rawValue)-\(sweep.kernels)-\(sweep.precision).log"
        ).path
        let (names, report) = try run(sweep, log: log)
        #expect(report.isEmpty, "\(sweep): Oclgrind found errors; all of them are in \(log), which begins:\n\(report.prefix(2000))")
        if report.isEmpty { try FileManager.default.removeItem(atPath: log) }
        // Those of peak.cl measure the device with millions of work-items.
        let rows: Set = ["train_rows", "train_ticks", "train_finish"]
        let others = sweep.kernels == "gpu" ? rows.union(["train"]) : ["train_resident", "tangent_slices", "tangent_finish"]
        // In mixed precision only programs that sum in the type ACC differ from those in float32.
        let sources = try Self.kernels { sweep.precision != "mixed" || $0.contains(/\bACC\b/) }
        let expected = Set(sources).filter { !$0.hasPrefix("peak_") && !others.contains($0) }
        #expect(expected.count > 0 && expected.isSubset(of: names.map(String.init)))
        #expect(sweep.precision == "mixed" || names.count == expected.count)
    }

    /// Errors that are put into copies of the sources are found: a write out of bounds, a missing barrier, and a sum that begins anywhere.
    @Test(arguments: [
        (
            Sweep(watch: .accesses, kernels: "cpu", precision: "float32"), "weights.cl", "member[row * stride + column]",
            "member[row * stride + column + 1000000]", "Invalid write of size 4 at global memory"
        ),
        (
            Sweep(watch: .accesses, kernels: "gpu", precision: "float32"), "train_resident.cl",
            "partial + n * STRIPES * PITCH);\n                SYNC;", "partial + n * STRIPES * PITCH);", "data race at local memory"
        ),
        (
            Sweep(watch: .uninitialised, kernels: "gpu", precision: "float32"), "train_resident.cl",
            "UNROLL for (int i = 0; i < BLOCK_ROWS; ++i) sum[i] = (REAL)0;", "", "ninitialized value"
        ),
    ])
    func plantedErrorsAreFound(_ sweep: Sweep, _ file: String, _ sound: String, _ wrong: String, _ message: String) throws {
        try TemporaryFolder.with { folder in
            for name in try FileManager.default.contentsOfDirectory(atPath: Self.sources.path) where name.contains(".cl") {
                var text = try String(contentsOf: Self.sources.appending(path: name), encoding: .utf8)
                if name == file {
                    #expect(text.components(separatedBy: sound).count == 2, "the place for the error is gone")
                    text = text.replacing(sound, with: wrong)
                }
                try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
            }
            let report = try run(sweep, sources: folder.path, log: folder.file("log")).report
            #expect(report.contains(message), "\(report.prefix(500))")
        }
    }

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Kernels")

    /// The kernels of those files whose text is such.
    private static func kernels(where isWanted: (String) -> Bool) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".cl") }.flatMap { name in
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            return isWanted(text) ? text.matches(of: /(?m)^__kernel .*?void (\w+)\(/).map { String($0.output.1) } : []
        }
    }
}
