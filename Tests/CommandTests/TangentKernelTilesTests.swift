import Arrays
import Foundation
import TestSupport
import Testing

/// `ntk --with`, `--trace`, `--diagonal`, and large kernels that go to the file in tiles.
@Suite struct TangentKernelTilesTests {
    /// A network of one hidden layer and C outputs in Double, with its Jacobian by hand: f_c = Σ_j φ(Σ_i x_i W_ij + b_j) V_jc + a_c in the
    /// standard parameterisation.
    struct Network {
        let inputs = 2, width = 5, outputs: Int
        let first, bias, second, last: [Double]

        init(outputs: Int) {
            self.outputs = outputs
            func numbers(_ count: Int, _ seed: Double) -> [Double] { (0..<count).map { sin(seed + 2.7 * Double($0)) } }
            first = numbers(10, 1)
            bias = numbers(5, 2)
            second = numbers(5 * outputs, 3)
            last = numbers(outputs, 4)
        }

        func outputs(at x: [Double]) -> [Double] {
            let h = (0..<width).map { (j: Int) -> Double in
                let z: Double = x[0] * first[j] + x[1] * first[width + j] + bias[j]
                return tanh(z)
            }
            return (0..<outputs).map { (c: Int) -> Double in
                var sum = last[c]
                for j in 0..<width { sum += h[j] * second[j * outputs + c] }
                return sum
            }
        }

        /// df_c/dθ at x, in any order of the parameters.
        func gradient(_ c: Int, at x: [Double]) -> [Double] {
            var gradient: [Double] = []
            for j in 0..<width {
                let h = tanh(x[0] * first[j] + x[1] * first[width + j] + bias[j]), back = (1 - h * h) * second[j * outputs + c]
                gradient += [x[0] * back, x[1] * back, back] + (0..<outputs).map { $0 == c ? h : 0 }
            }
            return gradient + (0..<outputs).map { $0 == c ? 1 : 0 }
        }

        /// Θ, (N, M, C, C).
        func kernel(_ points: [[Double]], _ others: [[Double]]) -> [Double] {
            let left = points.map { x in (0..<outputs).map { gradient($0, at: x) } }
            let right = others.map { x in (0..<outputs).map { gradient($0, at: x) } }
            return left.flatMap { n in
                right.flatMap { m in n.flatMap { a in m.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } } }
            }
        }

        func command(_ points: [[Double]], and others: [[Double]]? = nil, in folder: TemporaryFolder) throws -> [String] {
            try NumericArchive.write(
                [
                    ("W1", NumericArray(shape: [2, 5], elements: first), .float64), ("b1", NumericArray(bias), .float64),
                    ("W2", NumericArray(shape: [5, outputs], elements: second), .float64), ("b2", NumericArray(last), .float64),
                ], to: folder.file("w.npz"), overwrite: true)
            try Self.write(points, to: folder.file("x.npy"))
            if let others { try Self.write(others, to: folder.file("y.npy")) }
            return ["ntk", folder.file("w.npz"), folder.file("x.npy")] + (others == nil ? [] : ["--with", folder.file("y.npy")])
                + ["-o", folder.file("o.npz"), "--parameterisation", "standard", "--activation", "tanh", "--force"]
        }

        static func write(_ points: [[Double]], to path: String) throws {
            try NumericArray(shape: [points.count, points[0].count], elements: points.flatMap { $0 }).writeNPY(to: path, overwrite: true)
        }

        static func points(_ count: Int, seed: Double = 0) -> [[Double]] {
            (0..<count).map { [cos(seed + 0.9 * Double($0)), sin(seed + 1.7 * Double($0))] }
        }
    }

    static let arithmetics = [
        ("reference", "float64"), ("opencl", "float64"), ("opencl", "mixed"), ("opencl", "float32"),
    ]

    /// Elements are sums of 3 W + 1 + … < 40 products of numbers below 2, so that rounding stays below 100 u of the largest element.
    private func tolerance(_ precision: String) -> Double { precision == "float64" ? 1e-14 : 6e-6 }

    @Test(arguments: arithmetics, ["gram", "jacobian"])
    func twoSets(_ arithmetic: (device: String, precision: String), _ method: String) throws {
        try TemporaryFolder.with { folder in
            for (outputs, n, m) in [(1, 7, 4), (3, 5, 37), (3, 1, 1), (2, 70, 3)] {
                let network = Network(outputs: outputs), x = Network.points(n), y = Network.points(m, seed: 0.4)
                let words =
                    try network.command(x, and: y, in: folder)
                    + ["--device", arithmetic.device, "--precision", arithmetic.precision, "--method", method]
                let run = try Command.run(words)
                try #require(run.status == 0, "\(run.errors)")
                let file = try NumericArchive(path: folder.file("o.npz")), tolerance = tolerance(arithmetic.precision)
                #expect(Set(file.names) == ["outputs", "outputs2", "ntk", "provenance"])
                let kernel = try NumericArray(shape: [n, m, outputs, outputs], elements: network.kernel(x, y))
                #expect(try relativeError(file.array("ntk"), kernel) < tolerance)
                let f = try NumericArray(shape: [m, outputs], elements: y.flatMap(network.outputs(at:)))
                #expect(try relativeError(file.array("outputs2"), f) < tolerance)
                let trace = try Command.run(words + ["--trace"])
                try #require(trace.status == 0, "\(trace.errors)")
                let sums = (0..<n * m).map { pair in
                    (0..<outputs).reduce(0) { $0 + kernel.elements[(pair * outputs + $1) * outputs + $1] }
                }
                let found = try NumericArchive(path: folder.file("o.npz")).array("ntk")
                #expect(try relativeError(found, NumericArray(shape: [n, m], elements: sums)) < tolerance)
            }
        }
    }

    /// More points than a tile of the diagonal has.
    @Test(arguments: arithmetics)
    func traceAndDiagonalOfOneSet(_ arithmetic: (device: String, precision: String)) throws {
        try TemporaryFolder.with { folder in
            for (outputs, n) in [(1, 3), (3, 140)] {
                let network = Network(outputs: outputs), x = Network.points(n), tolerance = tolerance(arithmetic.precision)
                let words = try network.command(x, in: folder) + ["--device", arithmetic.device, "--precision", arithmetic.precision]
                func array(_ options: [String], _ name: String = "ntk") throws -> NumericArray {
                    let run = try Command.run(words + options)
                    try #require(run.status == 0, "\(run.errors)")
                    return try NumericArchive(path: folder.file("o.npz")).array(name)
                }
                let kernel = network.kernel(x, x), pair = outputs * outputs
                let diagonal = (0..<n).flatMap { (point: Int) -> ArraySlice<Double> in
                    let first = point * (n + 1) * pair
                    return kernel[first..<first + pair]
                }
                let found = try array(["--diagonal"])
                #expect(try relativeError(found, NumericArray(shape: [n, outputs, outputs], elements: diagonal)) < tolerance)
                func traces(_ blocks: [Double]) -> [Double] {
                    stride(from: 0, to: blocks.count, by: pair).map { (first: Int) -> Double in
                        var sum = 0.0
                        for c in 0..<outputs { sum += blocks[first + c * (outputs + 1)] }
                        return sum
                    }
                }
                #expect(try relativeError(array(["--diagonal", "--trace"]), NumericArray(traces(diagonal))) < tolerance)
                let sum = try NumericArray(shape: [n, n], elements: traces(kernel)), traced = try array(["--trace"])
                #expect(try relativeError(traced, sum) < tolerance)
                #expect(try relativeError(array(["--trace", "--no-eigenvalues"]), sum) < tolerance)
                for row in 0..<n {
                    for column in 0..<row { #expect(traced.elements[row * n + column] == traced.elements[column * n + row]) }
                }
                // The eigenvalues are those of the sum over outputs: their sum and that of their squares.
                let eigenvalues = try array(["--trace"], "eigenvalues").elements
                #expect(eigenvalues.count == n)
                let trace = (0..<n).reduce(0) { $0 + sum.elements[$1 * n + $1] }
                #expect(abs(eigenvalues.reduce(0, +) - trace) < Double(n) * tolerance * trace)
            }
        }
    }

    /// Two sets are two parts of a set that holds both, in closed form as well.
    @Test(arguments: ["erf", "tanh"]) func infiniteKernels(activation: String) throws {
        try TemporaryFolder.with { folder in
            let x = Network.points(4), y = Network.points(3, seed: 0.3)
            for (name, points) in [("x", x), ("y", y), ("xy", x + y)] { try Network.write(points, to: folder.file("\(name).npy")) }
            func archive(_ name: String, _ options: [String] = []) throws -> NumericArchive {
                let run = try Command.run(
                    [
                        "ntk", "--infinite", folder.file("\(name).npy"), "--depth", "2", "--activation", activation, "-o",
                        folder.file("o.npz"),
                    ]
                        + ["--force"] + options)
                try #require(run.status == 0, "\(run.errors)")
                return try NumericArchive(path: folder.file("o.npz"))
            }
            let whole = try archive("xy")
            let kernels = try ["nngp", "ntk"].map { try whole.array($0).elements }
            let between = try archive("x", ["--with", folder.file("y.npy")])
            #expect(between.names == ["nngp", "ntk", "provenance"])
            let found = try ["nngp", "ntk"].map { try between.array($0) }
            let diagonal = try archive("x", ["--diagonal"])
            for (name, (kernel, found)) in zip(["nngp", "ntk"], zip(kernels, found)) {
                let expected = (0..<4).flatMap { (row: Int) -> ArraySlice<Double> in kernel[row * 7 + 4..<row * 7 + 7] }
                #expect(found == (try NumericArray(shape: [4, 3], elements: expected)))
                #expect(try diagonal.array(name).elements == (0..<4).map { kernel[$0 * 8] })
            }
        }
    }

    /// Θ of f = x W without biases in the standard parameterisation is X X^T. On points (a, b cos t, c sin t) all around a circle its
    /// eigenvalues are N a², N b²/2 and N c²/2: 40,000 of them, more than LAPACK takes.
    @Test func theLargestEigenvaluesOfManyPoints() throws {
        try TemporaryFolder.with { folder in
            let n = 40_000, (a, b, c) = (0.5, 2.0, 2.0)
            try NumericArchive.write(
                [("W1", NumericArray(shape: [3, 1], elements: [1, -1, 2]), .float64)], to: folder.file("w.npz"))
            try NumericArray(
                shape: [n, 3],
                elements: (0..<n).flatMap { k in
                    let t = 2 * Double.pi * Double(k) / Double(n)
                    return [a, b * cos(t), c * sin(t)]
                }
            ).writeNPY(to: folder.file("x.npy"))
            let words = ["ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file("o.npz"), "--device", "reference"]
            let full = try Command.run(words)
            #expect(full.status == 65 && full.errors.contains("--top"), "\(full.errors)")
            let run = try Command.run(words + ["--parameterisation", "standard", "--activation", "identity", "--top", "4", "--json"])
            try #require(run.status == 0, "\(run.errors)")
            let file = try NumericArchive(path: folder.file("o.npz"))
            #expect(file.names == ["outputs", "eigenvalues", "residuals", "trace", "provenance"])
            let expected = [b * b / 2, c * c / 2, a * a, 0].map { $0 * Double(n) }
            for (value, right) in zip(try file.array("eigenvalues").elements, expected) { #expect(abs(value - right) < 1e-8 * expected[0]) }
            let trace = Double(n) * (a * a + (b * b + c * c) / 2)
            #expect(abs(try file.array("trace").elements[0] - trace) < 1e-12 * trace)
        }
    }

    /// Beside all eigenvalues of the same kernel, whose sum and squares are tested against its elements.
    @Test func theLargestEigenvaluesOfSeveralOutputs() throws {
        try TemporaryFolder.with { folder in
            let words = try Network(outputs: 3).command(Network.points(60), in: folder) + ["--device", "reference"]
            try #require(try Command.run(words).status == 0)
            let all = try NumericArchive(path: folder.file("o.npz")).array("eigenvalues").elements
            let run = try Command.run(words + ["--top", "5"])
            try #require(run.status == 0, "\(run.errors)")
            let top = try NumericArchive(path: folder.file("o.npz"))
            for (value, right) in zip(try top.array("eigenvalues").elements, all) { #expect(abs(value - right) < 1e-9 * all[0]) }
            #expect(try top.array("eigenvalues").elements.count == 5)
            #expect(abs(try top.array("trace").elements[0] - all.reduce(0, +)) < 1e-11 * all[0])
        }
    }

    @Test func refusals() throws {
        try TemporaryFolder.with { folder in
            let network = Network(outputs: 2), x = Network.points(3)
            let words = try network.command(x, and: [[1], [2]], in: folder) + ["--device", "reference"]
            func expect(_ status: Int32, _ text: String, _ words: [String]) throws {
                let run = try Command.run(words)
                #expect(run.status == status && run.errors.contains(text), "\(run.status) \(run.errors)")
            }
            try expect(65, "y.npy: the array of inputs has shape (2, 1), expected (M, 2)", words)
            try Network.write([[1, 2], [.nan, 0]], to: folder.file("y.npy"))
            try expect(65, "y.npy: the array of inputs holds a value that is not finite at point 1, coordinate 0", words)
            try Network.write([[1, 2]], to: folder.file("y.npy"))
            try expect(64, "--diagonal does not go with --with", words + ["--diagonal"])
            try expect(64, "--jacobian does not go with --with", words + ["--jacobian"])
            try expect(64, "--top does not go with --with", words + ["--top", "2"])
            let output = Array(words.map { $0 == folder.file("o.npz") ? folder.file("y.npy") : $0 })
            try expect(73, "is an output and an input", output)
            let one = try network.command(x, in: folder) + ["--device", "reference"]
            try expect(64, "--top is 0", one + ["--top", "0"])
            try expect(64, "--jacobian does not go with --trace", one + ["--trace", "--jacobian"])
            try expect(64, "--trace does not go with --infinite", ["ntk", "--infinite", "--trace"] + one[1...])
            #expect(folder.contents == ["w.npz", "x.npy", "y.npy"])
        }
    }

    /// What a weights file does not tell is said, and a warning where it was assumed.
    @Test func saysWhatItAssumed() throws {
        try TemporaryFolder.with { folder in
            let words =
                Array(try Network(outputs: 1).command(Network.points(3), in: folder).dropLast(5)) + ["--force", "--device", "reference"]
            let assumed = try Command.run(words + ["--json"])
            let warning = "--activation erf and --parameterisation ntk are assumed"
            #expect(assumed.status == 0 && assumed.errors.contains(warning), "\(assumed.errors)")
            let json = try assumed.json()
            #expect((json["warnings"] as? [String])?.contains { $0.contains(warning) } == true)
            #expect(json["activation"] as? String == "erf" && json["parameterisation"] as? String == "ntk")
            let half = try Command.run(words + ["--activation", "gelu"])
            #expect(half.errors.contains("--parameterisation ntk is assumed") && half.output.contains("gelu"), "\(half.errors)")
            let stated = try Command.run(words + ["--activation=gelu", "--parameterisation", "standard"])
            #expect(!stated.errors.contains("assumed") && stated.output.contains("standard"), "\(stated.errors)")
        }
    }

    /// Of λ = 3, 1 (Θ = X X^T of orthogonal points): the measures by their definitions.
    @Test func measuresOfASpectrum() throws {
        try TemporaryFolder.with { folder in
            try NumericArchive.write([("W1", NumericArray(shape: [2, 1], elements: [1, 1]), .float64)], to: folder.file("w.npz"))
            try Network.write([[Double(3).squareRoot(), 0], [0, 1]], to: folder.file("x.npy"))
            let run = try Command.run([
                "ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file("o.npz"), "--parameterisation", "standard",
                "--activation", "identity", "--device", "reference",
            ])
            try #require(run.status == 0, "\(run.errors)")
            let file = try NumericArchive(path: folder.file("o.npz")), entropy = 0.75 * log(4.0 / 3) + 0.25 * log(4.0)
            for (name, value) in [
                ("conditionNumber", 3), ("entropy", entropy), ("effectiveRank", exp(entropy)), ("participationRatio", 1.6),
            ] { #expect(abs(try file.array(name).elements[0] - value) < 1e-14, "\(name)") }
        }
    }
}
