import Arrays
import Engines
import Experiments
import Figures
import Foundation
import Networks
import Runs
import Testing

/// The tangent kernel during a training.
@Suite struct KernelEvolutionTests {
    private func evolution(
        widths: [Int] = [16], points: [Double] = [1, -0.5, 0.3], outputs: Int = 1, rate: Double = 0.05, momentum: Double = 0.5,
        steps: Int = 20, kernels: StepSelection = .every(5)
    ) throws -> KernelEvolution {
        var recording = Recording.everyStep
        recording.kernels = kernels
        let run = Run(
            architecture: try Architecture(widths: widths, outputs: outputs, activation: .erf), source: .seed(5), sigmaW: 1.2, sigmaB: 0.3,
            inputs: try Inputs(points),
            training: Run.Training(
                loss: try .power(scale: 0.5, minimum: 1), schedule: try Schedule(learningRate: rate, momentum: momentum), steps: steps),
            recording: recording)
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        try scheduler.execute([run])
        return try KernelEvolution(#require(try scheduler.result(for: run)))
    }

    /// f = Σ_p x_p θ_p is linear in its weights, so Θ does not change: equal to the rounding of one sum.
    @Test func aLinearModelKeepsItsKernel() throws {
        let evolution = try evolution(widths: [])
        #expect(evolution.steps == [0, 5, 10, 15, 20] && evolution.moments.map(\.step) == evolution.steps)
        for moment in evolution.moments {
            #expect(try #require(moment.drift) < 8 * 0x1p-52)
            #expect(try abs(#require(moment.alignment) - 1) < 8 * 0x1p-52)
        }
        // d = 1 and σ_b: two parameters, so two eigenvalues of three.
        #expect(evolution.moments.allSatisfy { $0.conditionNumber == nil && ($0.leastConditionNumber ?? 0) > 1e6 })
    }

    /// A step of gradient descent on a linear model takes −ηJᵀg from the weights, so that the loss falls by ηgᵀΘg − η²(Θg)ᵀH(Θg)/2 with
    /// g = ∂L/∂f and H = 2s/N: by ηΛ|g|² up to a share ηλ₁s/N ≤ η·tr Θ. The fall of the loss, some η of it, is known to 2⁻⁵²/η.
    @Test func theDrivingEigenvalueIsHowFastTheLossFalls() throws {
        let rate = 1e-5
        let evolution = try evolution(widths: [], rate: rate, momentum: 0, steps: 2, kernels: .every(1))
        let losses = evolution.result.losses
        for step in 0..<2 {
            let slopes = evolution.result.outputs(at: step).map { 2 * 0.5 * ($0 - 1) / 3 }
            let square = slopes.reduce(0) { $0 + $1 * $1 }
            let driving = try #require(evolution.moments[step].drivingEigenvalue)
            let trace = evolution.eigenvalues[step * 3..<step * 3 + 3].reduce(0, +)
            #expect(abs((losses[step] - losses[step + 1]) / (rate * square) / driving - 1) < rate * trace + 64 * 0x1p-52 / rate)
        }
    }

    @Test(arguments: [(1, 1, 1), (1, 3, 1), (2, 1, 16), (2, 3, 16), (1, 1, 16)]) func shapes(outputs: Int, points: Int, width: Int) throws {
        let evolution = try evolution(
            widths: [width], points: Array([1, -0.5, 0.3].prefix(points)), outputs: outputs, kernels: .at([0, 7, 7, 20]))
        #expect(evolution.steps == [0, 7, 20])
        let arrays = Dictionary(uniqueKeysWithValues: try evolution.arrays().map { ($0.name, $0.array) })
        #expect(arrays["steps"]?.elements == [0, 7, 20])
        #expect(arrays["ntk"]?.shape == [3, points, points] + (outputs == 1 ? [] : [outputs, outputs]))
        #expect(arrays["eigenvalues"]?.shape == [3, points * outputs] && arrays["outputs"]?.shape == [3, points, outputs])
        for (index, moment) in evolution.moments.enumerated() {
            let mine = index * points * outputs..<(index + 1) * points * outputs
            // Shares are made to add up to 1, in n·2⁻⁵³.
            #expect(abs(evolution.shares[mine].reduce(0, +) - 1) < 8 * 0x1p-52)
            // The trace by the blocks' diagonal, with the backward error of an eigenproblem of order n, n²·2⁻⁵²λ₁.
            let kernel = try #require(arrays["ntk"]), size = kernel.elements.count / 3
            var trace = 0.0
            for n in 0..<points {
                for c in 0..<outputs {
                    let block = (n * points + n) * outputs * outputs
                    trace += kernel.elements[index * size + block + c * outputs + c]
                }
            }
            let largest = try #require(moment.largestEigenvalue)
            #expect(abs(trace - evolution.eigenvalues[mine].reduce(0, +)) < 36 * 0x1p-52 * largest)
            let position = try #require(moment.spectralPosition)
            #expect(position > 0 && position <= 1 + 8 * 0x1p-52)
            if index > 0, width > 1 { #expect(try #require(moment.drift) > 1e-4) }
        }
        let table = try evolution.table(), figure = try evolution.figure()
        #expect(table.rows.count == 3 && table.columns.first == "step" && table.columns.last == "eigenvalue_\(points * outputs)")
        #expect(figure.panels.count == 2 && figure.panels[0].y.scale == .log10)
        #expect(evolution.text.split(separator: "\n").count == 2 + 3 + 1)
    }

    /// A training that leaves the numbers has no kernel there, and the table says so.
    @Test func divergence() throws {
        let evolution = try evolution(rate: 1e8, momentum: 0, steps: 40, kernels: .ends)
        let last = try #require(evolution.moments.last)
        #expect(last.largestEigenvalue == nil && last.drift == nil && last.spectralPosition == nil)
        #expect(evolution.eigenvalues.suffix(3).allSatisfy(\.isNaN) && evolution.text.contains("–"))
        #expect(evolution.moments[0].largestEigenvalue != nil)
    }

    /// Of many kernels some are printed, the first and the last among them.
    @Test func longTablesAreCut() throws {
        let text = try evolution(steps: 60, kernels: .every(1)).text
        #expect(text.split(separator: "\n").count == 2 + 12 + 1 && text.contains("12 of 61 kernels"))
        #expect(text.contains("\n  0 ") && text.contains("\n  60 "))
    }
}
