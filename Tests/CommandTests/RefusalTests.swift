import Arrays
import Foundation
import TestSupport
import Testing

/// Bad input of each kind: the message and the exit code, and nothing written.
@Suite struct RefusalTests {
    /// A way to spoil a good invocation of `ntk`, and what it must answer.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int32
        let message: String
        let spoil: @Sendable (inout [String], TemporaryFolder) throws -> Void
        var testDescription: String { name }
    }

    @Test(arguments: files + options + outputs) func refuses(_ refusal: Refusal) throws {
        try TemporaryFolder.with { folder in
            var arguments = try SmallNetwork().command(in: folder)
            try refusal.spoil(&arguments, folder)
            let before = folder.contents
            let run = try Command.run(arguments)
            #expect(run.status == refusal.status)
            #expect(run.errors.contains("inflaton: error: "), "\(run.errors)")
            #expect(run.errors.contains(refusal.message), "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(folder.contents == before)

            let json = try Command.run(arguments + ["--json"])
            #expect(json.status == refusal.status)
            let error = try #require(try json.json()["error"] as? [String: Any])
            #expect(error["code"] as? Int == Int(refusal.status))
            #expect((error["message"] as? String)?.contains(refusal.message) == true)
        }
    }

    static let files = [
        Refusal(name: "missing weights", status: 65, message: "cannot read") { arguments, folder in
            arguments[1] = folder.file("absent.npz")
        },
        Refusal(name: "missing inputs", status: 65, message: "cannot read") { arguments, folder in
            arguments[2] = folder.file("absent.npy")
        },
        Refusal(name: "object array", status: 65, message: "convert with .astype(numpy.float64)") { arguments, _ in
            arguments[2] = fixture("numpy/object.npy")
        },
        Refusal(name: "complex array", status: 65, message: "complex") { arguments, _ in arguments[2] = fixture("numpy/complex.npy") },
        Refusal(name: "no zip file", status: 65, message: "w.npz") { arguments, folder in
            try Data("not a zip file".utf8).write(to: URL(filePath: arguments[1]))
        },
        Refusal(name: "no layers", status: 65, message: "holds V, but expected are arrays W1, b1, W2") { arguments, _ in
            try NumericArchive.write([("V", NumericArray([1]), .float64)], to: arguments[1], overwrite: true)
        },
        Refusal(name: "NaN weight", status: 65, message: "W2 holds a value that is not finite at row 1, column 0") { arguments, folder in
            var network = SmallNetwork()
            network.second?[1, 0] = .nan
            arguments = try network.command(in: folder)
        },
        Refusal(name: "infinite input", status: 65, message: "not finite at point 2, coordinate 1") { arguments, folder in
            var network = SmallNetwork()
            network.points?[2, 1] = .infinity
            arguments = try network.command(in: folder)
        },
        Refusal(name: "transposed weights", status: 65, message: "transpose those of PyTorch") { arguments, folder in
            var network = SmallNetwork()
            network.second = try NumericArray(shape: [1, 3], elements: [1, -2, 0.5])
            arguments = try network.command(in: folder)
        },
        Refusal(name: "bias in one layer", status: 65, message: "holds W1, b1, W2, but expected are biases in all layers, so b2 too") {
            arguments, folder in
            var network = SmallNetwork()
            network.readOutBias = nil
            arguments = try network.command(in: folder)
        },
        Refusal(name: "inputs of another dimension", status: 65, message: "columns of the inputs") { arguments, folder in
            var network = SmallNetwork()
            network.points = try NumericArray(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
            arguments = try network.command(in: folder)
        },
        Refusal(name: "no points", status: 65, message: "N ≥ 1") { arguments, folder in
            var network = SmallNetwork()
            network.points = try NumericArray(shape: [0, 2], elements: [])
            arguments = try network.command(in: folder)
        },
        Refusal(
            name: "too many points", status: 65,
            message: "40000 rows cannot be computed; the limit is 32766 rows: leave them out with --no-eigenvalues"
        ) { arguments, folder in
            var network = SmallNetwork()
            network.points = try NumericArray(shape: [40000, 2], elements: [Double](repeating: 1, count: 80000))
            arguments = try network.command(in: folder)
        },
        // 8000 points × 6,000,001 parameters of 8 bytes, three times, are 1.15 TB, which no host of tests has.
        Refusal(name: "Jacobian beyond memory", status: 65, message: "leave --jacobian out") { arguments, folder in
            var network = SmallNetwork()
            let width = 2_000_000, points = 8000
            network.first = try NumericArray(shape: [1, width], elements: [Double](repeating: 0, count: width))
            network.bias = try NumericArray(shape: [width], elements: [Double](repeating: 0, count: width))
            network.second = try NumericArray(shape: [width, 1], elements: [Double](repeating: 0, count: width))
            network.points = try NumericArray(shape: [points, 1], elements: [Double](repeating: 0, count: points))
            arguments = try network.command(in: folder) + ["--jacobian"]
        },
    ]

    static let options = [
        Refusal(name: "unknown activation", status: 64, message: "- gelu") { arguments, _ in arguments += ["--activation", "swish"] },
        Refusal(name: "unknown method", status: 64, message: "'--method") { arguments, _ in arguments += ["--method", "magic"] },
        Refusal(name: "unknown option", status: 64, message: "Unknown option '--colour'") { arguments, _ in arguments += ["--colour"] },
        Refusal(name: "negative σ_w", status: 64, message: "σ_w is -1.0") { arguments, _ in arguments += ["--sigma-w", "-1"] },
        Refusal(name: "missing argument", status: 64, message: "inputs") { arguments, _ in arguments.remove(at: 2) },
        Refusal(name: "precision of the reference engine", status: 69, message: "cannot compute in float32") { arguments, _ in
            arguments += ["--precision", "float32"]
        },
        Refusal(name: "unknown device", status: 69, message: "no OpenCL device 'abacus'") { arguments, _ in
            arguments[arguments.count - 1] = "abacus"
        },
        Refusal(name: "unknown index", status: 69, message: "no OpenCL device '77'") { arguments, _ in
            arguments[arguments.count - 1] = "77"
        },
    ]

    static let outputs = [
        Refusal(name: "existing output", status: 73, message: "exists already and is not overwritten") { _, folder in
            try Data("mine".utf8).write(to: URL(filePath: folder.file("out.npz")))
        },
        Refusal(name: "existing output of a dry run", status: 73, message: "exists already") { arguments, folder in
            try Data("mine".utf8).write(to: URL(filePath: folder.file("out.npz")))
            arguments += ["--dry-run"]
        },
        Refusal(name: "missing folder", status: 73, message: "No such file or directory") { arguments, folder in
            arguments[4] = folder.file("absent/out.npz")
        },
        Refusal(name: "file for a folder", status: 73, message: "cannot write") { arguments, folder in
            arguments[4] = folder.file("w.npz/out.npz")
        },
        Refusal(name: "folder as output", status: 73, message: "not a regular file") { arguments, folder in
            try FileManager.default.createDirectory(atPath: folder.file("out.npz"), withIntermediateDirectories: false)
            arguments += ["--force"]
        },
    ]

    @Test func refusesAnExplicitDeviceWithoutDriver() throws {
        try TemporaryFolder.with { folder in
            let arguments = Array(try SmallNetwork().command(in: folder).dropLast()) + ["opencl"]
            let run = try Command.run(arguments, environment: Command.withoutDrivers)
            #expect(run.status == 69)
            #expect(
                run.errors.contains("'opencl': there is none at all, because no OpenCL driver was found")
                    && run.errors.contains("pocl-opencl-icd"), "\(run.errors)")
            let variable = try Command.run(
                Array(arguments.dropLast(2)), environment: Command.withoutDrivers.merging(["INFLATON_DEVICE": "gpu"]) { $1 })
            #expect(variable.status == 0)
            #expect(
                variable.errors.contains("INFLATON_DEVICE cannot be met") && variable.errors.contains("reference engine"),
                "\(variable.errors)")
        }
    }

    @Test func refusesAFolderThatMayNotBeWritten() throws {
        try TemporaryFolder.with { folder in
            let arguments = try SmallNetwork().command(in: folder)
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
            let run = try Command.run(arguments, through: Command.asOrdinaryUser)
            #expect(run.status == 73 && run.errors.contains("out.npz: Permission denied"), "\(run.errors)")
        }
    }

    @Test func overwritesOnlyWithForce() throws {
        try TemporaryFolder.with { folder in
            let arguments = try SmallNetwork().command(in: folder)
            try Data("mine".utf8).write(to: URL(filePath: folder.file("out.npz")))
            #expect(try Command.run(arguments).status == 73)
            #expect(try folder.text("out.npz") == "mine")
            #expect(try Command.run(arguments + ["--force"]).status == 0)
            #expect(try NumericArchive(path: folder.file("out.npz")).contains("ntk"))
        }
    }
}
