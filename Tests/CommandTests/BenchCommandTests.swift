import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct BenchCommandTests {
    static let sizes = ["--width", "9", "--depth", "2", "--points", "3", "--members", "2", "--inputs", "2", "--steps", "4"]

    /// The count behind the rate: 2·E·N·(d·n + n·n + n) forward, 2·E·N·(n·n + n) backward, and E·N(N + 1)·(d + 2n + 2n + 1) of Gram
    /// triangles; K·E steps; 2·E·N·n² of a product.
    static let items: [(workload: String, items: Double)] = {
        let forward = 2 * 2 * 3 * (18 + 81 + 9), backward = 2 * 2 * 3 * (81 + 9), gram = 2 * 12 * (2 + 18 + 18 + 1)
        return [("ntk", Double(forward + backward + gram)), ("train", 8), ("gemm", Double(2 * 2 * 3 * 81))]
    }()

    @Test(arguments: items)
    func saysTimesRateAndFloor(workload: String, items: Double) throws {
        let json = try Command.run(["bench", workload, "--json", "--repeats", "3", "--precision", "float64"] + Self.sizes).json()
        func number(_ key: String) throws -> Double { try #require(json[key] as? Double, "\(key) of \(json)") }
        let median = try number("median_s"), rate = try number("rate")
        #expect(try number("min_s") <= median)
        #expect(abs(rate * median / items - 1) < 1e-12)
        #expect(abs(try number("fraction_of_floor") * median / number("floor_s") - 1) < 1e-12)
        #expect(json["device"] as? String == (json["engine"] as? [String: Any])?["device"] as? String)
        #expect((json["engine"] as? [String: Any])?["precision"] as? String == "float64")
        #expect(json["repeats"] as? Int == 3)
        let problem = try #require(json["problem"] as? [String: Any])
        for (name, value) in [("width", 9), ("depth", 2), ("points", 3), ("members", 2), ("inputs", 2), ("steps", 4)] {
            #expect(problem[name] as? Int == value, "\(name)")
        }
        // A single kernel has no time of its own on the host's clock.
        #expect((json["host_median_s"] as? Double != nil) == (workload != "gemm"))
    }

    /// The largest networks of a GPU with 139 GiB: the arrays of the tangent kernel counted by hand, and what does not fit.
    @Test func planForAnotherDevice() throws {
        func plan(_ width: Int, _ depth: Int, _ gigabytes: String) throws -> Command {
            try Command.run([
                "bench", "ntk", "--width", "\(width)", "--depth", "\(depth)", "--points", "1024", "--members", "1", "--precision",
                "float32",
                "--dry-run", "--json", "--assume-memory", gigabytes,
            ])
        }
        // One hidden layer: h, its slopes and sensitivities, (N, n) each, 1 % for all that has no N n.
        let one = try #require(try plan(1 << 22, 1, "139").json()["deviceBytes"] as? Double), layer = 3.0 * 4 * 1024 * 0x1p22
        #expect(one >= layer && one < 1.01 * layer)
        // Three: two hidden matrices, and 3 + 3 + 2 arrays (N, n).
        let three = try #require(try plan(1 << 16, 3, "139").json()["deviceBytes"] as? Double)
        let matrices = 2.0 * 4 * 0x1p32 + 8 * 4 * 1024 * 0x1p16
        #expect(three >= matrices && three < 1.01 * matrices)
        let refused = try plan(1 << 16, 3, "80")
        #expect(refused.status == 65 && refused.errors.contains("the weights needs"), "\(refused)")
    }

    @Test func launchesAreSaid() throws {
        let arguments = ["bench", "ntk", "--launches", "--repeats", "2", "--precision", "float32"] + Self.sizes
        let json = try Command.run(arguments + ["--json"]).json(), launches = try #require(json["launches"] as? [[String: Any]])
        // Three layers forward; from the outputs down the unit sensitivities, three shares of the kernel, and two layers backward.
        #expect(launches.count == 9 && launches.first?["kernel"] as? String == "forward")
        for launch in launches {
            let global = try #require(launch["global_size"] as? [Int]), local = try #require(launch["local_size"] as? [Int])
            #expect(launch["groups"] as? Int == zip(global, local).reduce(1) { $0 * ($1.0 / $1.1) })
            #expect(launch["stage"] as? String == "ntk" && (launch["median_s"] as? Double ?? 0) > 0)
        }
        let text = try Command.run(arguments).output
        #expect(text.split(separator: "\n").count { $0.hasPrefix("ntk ") } == 1 + launches.count, "\(text)")
        #expect(try Command.run(["bench", "gemm", "--json"] + Self.sizes).json()["launches"] == nil)
        let refused = try Command.run(["bench", "gemm", "--launches"])
        #expect(refused.status == 64 && refused.errors.contains("ntk, train, jacobian"), "\(refused.errors)")
    }

    @Test func jacobianIsRatedInBytes() throws {
        let json = try Command.run(["bench", "jacobian", "--json", "--repeats", "1"] + Self.sizes).json()
        let bytes = try #require(json["bytes"] as? Double), median = try #require(json["median_s"] as? Double)
        #expect(json["unit"] as? String == "byte/s")
        // One rounding of the quotient, and one of the decimals.
        #expect(abs(try #require(json["rate"] as? Double) * median / bytes - 1) < 4 * 0x1p-52)
    }

    @Test(arguments: ["width", "points", "members", "steps", "inputs", "outputs", "repeats"]) func refusesSizes(option: String) throws {
        for value in ["0", "-3", "99999999999"] {
            let run = try Command.run(["bench", "ntk", "--\(option)=\(value)"])
            #expect(run.status == 64 && run.output.isEmpty)
            #expect(run.errors.contains("--\(option) is \(value), but a benchmark takes from 1 to"), "\(run.errors)")
        }
    }

    @Test func refusesWhatItCannotTime() throws {
        #expect(try Command.run(["bench", "everything"]).status == 64)
        #expect(try Command.run(["bench", "ntk", "--width", "wide"]).status == 64)
        let reference = try Command.run(["bench", "ntk", "--device", "reference"] + Self.sizes)
        #expect(reference.status == 69 && reference.errors.contains("--device"))
        // 2⁴⁴ weights pass as a network and fit no device.
        let large = try Command.run(["bench", "train", "--width", "4194304"])
        #expect(large.status == 65 && large.errors.contains("bytes are available"), "\(large.errors)")
    }

    @Test func keepsWhatWasComputed() throws {
        try TemporaryFolder.with { folder in
            let file = folder.file("record.npz")
            let arguments = ["bench", "train", "--repeats", "1", "--precision", "float32", "--output", file] + Self.sizes
            #expect(try Command.run(arguments).status == 0)
            let archive = try NumericArchive(path: file)
            #expect(try archive.array("X").shape == [3, 2])
            #expect(try archive.array("W1").shape == [2, 2, 9] && archive.array("b3").shape == [2, 1])
            #expect(try archive.array("outputs").shape == [2, 5, 3, 1])
            #expect(try archive.array("learning_rate").elements[0] == 0.1 / 9)
            let again = try Command.run(arguments)
            #expect(again.status == 73 && again.errors.contains("--force"), "\(again.errors)")
            for stages in [["ntk", "train"], ["gemm"], []] {
                let run = try Command.run(["bench"] + stages + ["--output", folder.file("other.npz")])
                #expect(run.status == 64 && run.errors.contains("--output"))
            }
            #expect(folder.contents == ["record.npz"])
        }
    }
}
