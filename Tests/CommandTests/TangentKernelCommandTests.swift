import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct TangentKernelCommandTests {
    /// float64: each element is a sum of at most a few hundred products of rounding 1.1e-16, far below 1e-12 of the largest element.
    @Test(arguments: ["reference", "opencl"], ["gram", "jacobian"])
    func agreesWithNeuralTangents(device: String, method: String) throws {
        try TemporaryFolder.with { folder in
            let golden = try GoldenNetwork("net_p03")
            let options = ["--device", device, "--precision", "float64", "--method", method, "--jacobian"]
            let run = try Command.run(try golden.command(in: folder) + options)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains(" \(device) · ") && run.errors.contains("engine: \(device) · "), "\(run.output)\(run.errors)")
            let result = try NumericArchive(path: folder.file("out.npz"))
            #expect(try relativeError(result.array("outputs"), golden.archive.array("f")) < 1e-12)
            #expect(try relativeError(result.array("ntk"), golden.archive.array("ntk")) < 1e-11)
            #expect(try relativeError(result.array("jacobian"), golden.archive.array("jac")) < 1e-12)
        }
    }

    struct Summary: Decodable {
        struct Spectrum: Decodable { let largestEigenvalue, smallestEigenvalue, trace: Double }
        let spectrum: Spectrum
    }

    /// Two invariants of the NC × NC matrix that its elements give without an eigensolver: the trace and the sum of squares.
    @Test func writesTheSpectrumDescendingAndUndivided() throws {
        try TemporaryFolder.with { folder in
            let golden = try GoldenNetwork("net_p03")
            let run = try Command.run(try golden.command(in: folder) + ["--device", "reference", "--json"])
            #expect(run.status == 0, "\(run.errors)")
            let eigenvalues = try NumericArchive(path: folder.file("out.npz")).array("eigenvalues").elements
            let kernel = try golden.archive.array("ntk")
            let points = kernel.shape[0], outputs = kernel.shape[2]
            #expect(eigenvalues.count == points * outputs)
            #expect(zip(eigenvalues, eigenvalues.dropFirst()).allSatisfy { $0 >= $1 })
            var trace = 0.0
            for n in 0..<points {
                for i in 0..<outputs { trace += kernel.elements[((n * points + n) * outputs + i) * outputs + i] }
            }
            let squares = kernel.elements.reduce(0) { $0 + $1 * $1 }
            #expect(abs(eigenvalues.reduce(0, +) - trace) < 1e-12 * trace)
            #expect(abs(eigenvalues.reduce(0) { $0 + $1 * $1 } - squares) < 1e-12 * squares)
            let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
            #expect(summary.spectrum.largestEigenvalue == eigenvalues.first)
            #expect(summary.spectrum.smallestEigenvalue == eigenvalues.last)
            #expect(abs(summary.spectrum.trace - trace) < 1e-12 * trace)
        }
    }

    /// PyTorch's float32 weights, transposed in Fortran order; its outputs in float64 from the same weights.
    @Test func readsANetworkOfPyTorch() throws {
        try TemporaryFolder.with { folder in
            let expected = try NumericArchive(path: fixture("torch/mlp_outputs.npz"))
            try expected.array("x").writeNPY(to: folder.file("x.npy"), as: .float32)
            let run = try Command.run([
                "ntk", fixture("torch/mlp.npz"), folder.file("x.npy"), "-o", folder.file("out.npz"), "--parameterisation", "standard",
                "--activation", "tanh", "--device", "reference",
            ])
            #expect(run.status == 0, "\(run.errors)")
            let outputs = try NumericArchive(path: folder.file("out.npz")).array("outputs")
            #expect(try relativeError(outputs, expected.array("outputs")) < 1e-12)
        }
    }

    /// Where tanh is flat no output depends on the first layer, however large the products of inputs are; and where they overflow beside a
    /// slope that is not 0, the kernel is refused and the other method named, which forms no such products.
    @Test(arguments: ["reference", "opencl"]) func productsOfInputsThatOverflow(device: String) throws {
        try TemporaryFolder.with { folder in
            let one = try NumericArray(shape: [1, 1], elements: [1])
            try NumericArchive.write([("W1", one, .float64), ("W2", one, .float64)], to: folder.file("w.npz"))
            try NumericArray(shape: [2, 1], elements: [1e200, 1]).writeNPY(to: folder.file("x.npy"))
            func words(_ activation: String, _ options: [String]) -> [String] {
                [
                    "ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file("o.npz"), "--force", "--parameterisation",
                    "standard", "--activation", activation, "--device", device, "--precision", "float64", "--no-eigenvalues",
                ] + options
            }
            let flat = try Command.run(words("tanh", []))
            #expect(flat.status == 0, "\(flat.errors)")
            let value = tanh(1.0), slope = 1 - value * value
            let expected = [1, value, value, value * value + slope * slope]
            let kernel = try NumericArchive(path: folder.file("o.npz")).array("ntk").elements
            #expect(zip(kernel, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(kernel)")
            let steep = try Command.run(words("identity", []))
            #expect(steep.status == 65 && steep.errors.contains("at row 0, column 0"), "\(steep.errors)")
            #expect(steep.errors.contains("smaller inputs") && steep.errors.contains("--method jacobian"))
        }
    }

    /// A sparse file of 8 GiB is refused by its shape.
    @Test func aShapeThatCannotBeIsRefusedBeforeElementsAreRead() throws {
        try TemporaryFolder.with { folder in
            let words = try SmallNetwork().command(in: folder), rows = 1 << 20, columns = 1 << 10
            var header = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }".utf8)
            header += [UInt8](repeating: 0x20, count: 117 - header.count) + [0x0A]
            let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
            try Data(bytes).write(to: URL(filePath: folder.file("x.npy")))
            try #require(truncate(folder.file("x.npy"), bytes.count + 8 * rows * columns) == 0)
            let run = try MeasuredRun.run(words, in: folder)
            #expect(run.status == 65 && run.errors.contains("columns of the inputs"), "\(run.errors)")
            #expect(run.peakBytes < 1 << 28)
        }
    }

    @Test func carriesItsProvenance() throws {
        try TemporaryFolder.with { folder in
            let arguments = try SmallNetwork().command(in: folder) + ["--sigma-w", "1.25"]
            let run = try Command.run(arguments)
            #expect(run.status == 0, "\(run.errors)")
            let text = try NumericArchive(path: folder.file("out.npz")).text("provenance")
            let provenance = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect((provenance["command"] as? [String])?.dropFirst() == arguments[...])
            #expect((provenance["engine"] as? [String: String])?["name"] == "reference")
            let parameters = try #require(provenance["parameters"] as? [String: String])
            #expect(parameters["sigmaW"] == "1.25" && parameters["activation"] == "erf" && parameters["method"] == "gram")
            let date = try #require(provenance["date"] as? String)
            #expect(abs(try Date(date, strategy: .iso8601).timeIntervalSinceNow) < 600)
        }
    }

    @Test func fallsBackToTheReferenceEngineAndSaysSo() throws {
        try TemporaryFolder.with { folder in
            let arguments = Array(try SmallNetwork().command(in: folder).dropLast(2)) + ["--json"]
            let run = try Command.run(arguments, environment: Command.withoutDrivers)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("warning: the reference engine computes, slowly, because no OpenCL driver was found"))
            let summary = try run.json()
            #expect((summary["engine"] as? [String: String])?["name"] == "reference")
            #expect((summary["warnings"] as? [String])?.first?.contains("no OpenCL driver") == true)
        }
    }

    @Test func plansWithoutWriting() throws {
        try TemporaryFolder.with { folder in
            let arguments = try SmallNetwork().command(in: folder) + ["--dry-run"]
            let before = folder.contents
            let run = try Command.run(arguments)
            #expect(run.status == 0 && run.output.contains("would write") && run.output.contains("memory"), "\(run.output)\(run.errors)")
            #expect(folder.contents == before)
            let summary = try Command.run(arguments + ["--json"]).json()
            #expect(summary["dryRun"] as? Bool == true && summary["spectrum"] == nil)
            #expect(folder.contents == before)
        }
    }

    /// Without eigenvalues the rest is the same, to the last bit.
    @Test func leavesEigenvaluesOut() throws {
        try TemporaryFolder.with { folder in
            let golden = try GoldenNetwork("net_p03")
            let arguments = try golden.command(in: folder) + ["--device", "reference", "--force"]
            #expect(try Command.run(arguments).status == 0)
            let kernel = try NumericArchive(path: folder.file("out.npz")).array("ntk")
            let run = try Command.run(arguments + ["--no-eigenvalues"])
            #expect(run.status == 0 && run.output.contains("wrote") && !run.output.contains("eigenvalue"), "\(run.errors)")
            let result = try NumericArchive(path: folder.file("out.npz"))
            #expect(result.names == ["outputs", "ntk", "provenance"])
            #expect(try result.array("ntk") == kernel)
        }
    }

    /// Eigenvalues beyond LAPACK's limit are refused with the option that leaves them out, and kernels beyond memory with their bytes.
    @Test func infiniteKernelsPlanTheirMemory() throws {
        try TemporaryFolder.with { folder in
            func run(_ points: Int, _ more: [String]) throws -> Command {
                try NumericArray(Array(repeating: 1, count: points)).writeNPY(to: folder.file("x.npy"), overwrite: true)
                return try Command.run(["ntk", "--infinite", folder.file("x.npy"), "--depth", "1", "-o", folder.file("o.npz")] + more)
            }
            let many = try run(32767, ["--dry-run"])
            #expect(many.status == 65 && many.errors.contains("32767 rows") && many.errors.contains("--no-eigenvalues"), "\(many.errors)")
            let larger = try run(3_000_000, ["--dry-run", "--no-eigenvalues"])
            #expect(larger.status == 65 && larger.errors.contains("bytes are available"), "\(larger.errors)")
            let few = try run(3, ["--dry-run"])
            #expect(few.status == 0 && few.output.contains("memory"), "\(few.output)\(few.errors)")
            #expect(folder.contents == ["x.npy"])
        }
    }

    /// erf(1e-25 x) W: outputs of 1e-25, whose squares no float32 is.
    @Test func saysThatAKernelUnderflowed() throws {
        try TemporaryFolder.with { folder in
            try NumericArchive.write(
                [
                    ("W1", NumericArray(shape: [1, 1], elements: [1e-25]), .float64),
                    ("W2", NumericArray(shape: [1, 1], elements: [1e-25]), .float64),
                ], to: folder.file("W.npz"))
            try NumericArray([1]).writeNPY(to: folder.file("X.npy"))
            let arguments = [
                "ntk", folder.file("W.npz"), folder.file("X.npy"), "-o", folder.file("o.npz"), "--force", "--parameterisation", "standard",
                "--activation", "identity", "--device", "opencl", "--precision",
            ]
            let single = try Command.run(arguments + ["float32"])
            #expect(single.status == 0 && !single.errors.contains("no output depends on any parameter here, and"), "\(single.errors)")
            #expect(single.errors.contains("--precision float64"), "\(single.errors)")
            let double = try Command.run(arguments + ["float64"])
            #expect(double.status == 0 && !double.errors.contains("underflow"), "\(double.errors)")
            let kernel = try NumericArchive(path: folder.file("o.npz")).array("ntk").elements[0]
            #expect(abs(kernel - 2e-50) <= 1e-64)
        }
    }

    /// Where the CPU is an OpenCL device, its compute units are its threads.
    @Test func limitsItsThreads() throws {
        struct Doctor: Decodable {
            struct Device: Decodable {
                let kind: String
                let computeUnits: Int
            }
            let devices: [Device]
        }
        let run = try Command.run(["doctor", "--threads", "1", "--json", "--dry-run"])
        #expect(run.status == 0, "\(run.errors)")
        let devices = try JSONDecoder().decode(Doctor.self, from: Data(run.output.utf8)).devices
        try #require(!devices.isEmpty, "no OpenCL device: install pocl-opencl-icd")
        #expect(devices.filter { $0.kind == "cpu" }.allSatisfy { $0.computeUnits == 1 })
        let refused = try Command.run(["doctor", "--threads", "0"])
        #expect(refused.status == 64 && refused.errors.contains("--threads is 0"), "\(refused.errors)")
    }
}
