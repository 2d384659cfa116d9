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
            (0..<outputs).map { c in
                last[c]
                    + (0..<width).reduce(0) { $0 + tanh(x[0] * first[$1] + x[1] * first[width + $1] + bias[$1]) * second[$1 * outputs + c] }
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
                let diagonal = (0..<n).flatMap { kernel[($0 * n + $0) * pair..<($0 * n + $0 + 1) * pair] }
                let found = try array(["--diagonal"])
                #expect(try relativeError(found, NumericArray(shape: [n, outputs, outputs], elements: diagonal)) < tolerance)
                func traces(_ blocks: [Double]) -> [Double] {
                    (0..<blocks.count / pair).map { at in (0..<outputs).reduce(0) { $0 + blocks[at * pair + $1 * outputs + $1] } }
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
                let expected = (0..<4).flatMap { kernel[$0 * 7 + 4..<$0 * 7 + 7] }
                #expect(found == (try NumericArray(shape: [4, 3], elements: expected)))
                #expect(try diagonal.array(name).elements == (0..<4).map { kernel[$0 * 8] })
            }
        }
    }
}
