import Arrays
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// Tangent kernels of `members` random networks of one width on three points, (members, 3, 3).
private func measuredKernels(
    _ architecture: Architecture, sigmaW: Double, sigmaB: Double, inputs: Inputs, members: Int
) throws -> [[Double]] {
    let engine = try EngineChoice.select("opencl", precision: .float64, environment: [TuningState.variable: "portable"]).engine
    let ensemble = try Ensemble(
        architecture: architecture,
        members: (0..<members).map { .init(source: .seed(UInt64(1000 + $0)), sigmaW: sigmaW, sigmaB: sigmaB) }, inputs: [inputs])
    var kernels: [[Double]] = []
    try engine.run(ensemble, Job(outputs: false, tangentKernel: .gram)) { block in
        if case .tangentKernel(let members, _, let values) = block {
            let size = values.count / members.count
            kernels += members.indices.map { Array(values[($0 - members.lowerBound) * size..<($0 - members.lowerBound + 1) * size]) }
        }
        return true
    }
    return kernels
}

@Suite struct InfiniteWidthLimitTests {
    private let inputs = try? Inputs(points: 3, dimension: 2, values: [0.4, -1.1, 1.3, 0.2, -0.6, 0.9])

    /// A network's kernel is a mean over its units, so that |Θ_w − Θ_∞| falls as 1/√w. The slope of ln mean|Θ_w − Θ_∞| over ln w comes
    /// from five widths, each with a standard error s_w of the logarithm over the members: its own is √Σ (x_w − x̄)² s_w² / Σ (x_w − x̄)².
    /// Four of them are allowed (a chance of 6e-5 of being wrong, but seeds are fixed), and 0.02 for the kernel's bias of O(1/w), which
    /// at w = 64 adds of the order of 1/64 to the squared deviation and so 1/128 to its logarithm.
    @Test(arguments: [Activation.relu, .erf], [1, 2])
    func convergesAsOneOverRootWidth(_ activation: Activation, _ depth: Int) throws {
        let inputs = try #require(inputs)
        let widths = [64, 128, 256, 512, 1024], members = depth == 1 ? 256 : 32
        let limit = try InfiniteWidthKernel(
            depth: depth, activation: activation, sigmaW: 1.4, sigmaB: 0.3, inputs: inputs
        ).tangentKernel
        var deviations: [Double] = [], errors: [Double] = []
        for width in widths {
            let kernels = try measuredKernels(
                Architecture(inputs: 2, widths: Array(repeating: width, count: depth), activation: activation), sigmaW: 1.4, sigmaB: 0.3,
                inputs: inputs, members: members)
            try #require(kernels.count == members)
            let distances = kernels.map { kernel in zip(kernel, limit).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(limit.count) }
            let mean = try Statistics.mean(distances)
            deviations.append(log(mean))
            errors.append(try Statistics.standardDeviation(distances) / (mean * Double(members).squareRoot()))
        }
        let x = widths.map { log(Double($0)) }
        let line = try Statistics.line(x, deviations)
        let centre = try Statistics.mean(x)
        let spread = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        let error = zip(x, errors).reduce(0) { $0 + pow(($1.0 - centre) * $1.1, 2) }.squareRoot() / spread
        #expect(abs(line.slope + 0.5) <= 4 * error + 0.02, "slope \(line.slope) ± \(error)")
        // The test would mean little with an error that lets 1/w or no convergence pass.
        #expect(error <= 0.05)
    }

    /// With one hidden layer the formula of the standard parameterisation is the mean over weights at any width: four standard errors
    /// of the mean, entry by entry.
    @Test(arguments: [Activation.relu, .erf], [true, false])
    func standardParameterisationIsTheMean(_ activation: Activation, _ hasBias: Bool) throws {
        let inputs = try #require(inputs)
        let members = 512
        let architecture = try Architecture(
            inputs: 2, widths: [32], hasBias: hasBias, activation: activation, parameterisation: .standard)
        let expected = try InfiniteWidthKernel(architecture: architecture, sigmaW: 1.4, sigmaB: 0.3, inputs: inputs).tangentKernel
        let kernels = try measuredKernels(architecture, sigmaW: 1.4, sigmaB: 0.3, inputs: inputs, members: members)
        try #require(kernels.count == members)
        for entry in expected.indices {
            let values = kernels.map { $0[entry] }
            let error = try Statistics.standardDeviation(values) / Double(members).squareRoot()
            #expect(abs(try Statistics.mean(values) - expected[entry]) <= 4 * error)
            #expect(error < 0.05 * abs(expected.max() ?? 0))
        }
    }
}
