import Checks
import Compute
import Engines
import Testing

@Suite struct BenchmarkCostTests {
    // 2 inputs, 3 units, 1 output: layers (2 → 3) and (3 → 1) with 9 and 4 parameters, P = 13; N = R = 2, E = 2, K = 3.
    static let small = BenchmarkProblem(width: 3, depth: 1, points: 2, members: 2, outputs: 1, inputs: 2, steps: 3)

    /// Each count done by hand, in elements of 4 bytes.
    @Test(arguments: [
        // 13 numbers a member.
        (BenchmarkStage.weights, 98 * 26 + 60 * 26, 26),
        // 2·E·N·(6 + 3); layer 1: 2·9 parameters, 4 shared coordinates, 12 values, 12 slopes; layer 2: 8, 12 inputs, 4 outputs.
        (.forward, 72, 18 + 4 + 24 + 8 + 12 + 4),
        // 2·E·R·3; a unit sensitivity a row; layer 2: 3 weights, 2 above, 6 slopes, 6 below for each member.
        (.backward, 24, 4 + 2 * (3 + 2 + 6 + 6)),
        // E·(N(N + 1)·(2 + 3) + R(R + 1)·(3 + 1)); 4 coordinates, 12 and 12 and 4 of h and delta, Θ of 4 a member.
        (.tangent, 2 * (6 * 5 + 6 * 4), 4 + 12 + 12 + 4 + 8),
        // E·R·P elements; what is read as for gram.
        (.jacobian, 52, 52 + 32),
        // 8 operations of 4·E·R losses; 4 elements each, and 4·E sums.
        (.loss, 8 * 16, 4 * 16 + 8),
        // K·E·(2N + 4)·P; four passes over 13 parameters, delta (6 and 2 a member), h (4 shared, 6 a member).
        (.update, 3 * 2 * 8 * 13, 3 * (2 * (36 + 6) + 4 + 2 * (16 + 2 + 6))),
        // Sum of forward, backward and gram; 26 weights, 4 coordinates, Θ.
        (.ntk, 72 + 24 + 108, 26 + 4 + 8),
        // Four forward, three backward and update; four passes for each step, and 4·E·(R + 1) recorded.
        (.train, 4 * 72 + 3 * 24 + 624, 2 * (3 * 4 * 13 + 4 * 3)),
        // A layer 3 → 3: 2·E·N·9; 12 parameters a member, 6 shared coordinates, 6 outputs a member.
        (.gemm, 72, 2 * 12 + 6 + 2 * 6),
    ])
    func countsAreThoseOfAHandCount(stage: BenchmarkStage, operations: Int, elements: Int) throws {
        let cost = try stage.cost(Self.small, .float32)
        #expect(cost.operations == Double(operations))
        #expect(cost.bytes == Double(4 * elements))
        let double = try stage.cost(Self.small, .float64)
        #expect(double.operations == Double(operations))
        #expect(double.bytes == Double(8 * elements))
    }

    @Test func gramOperationsAreInTheTypeOfTheirSums() throws {
        let cost = try BenchmarkStage.tangent.cost(Self.small, .mixed)
        #expect(cost.float32Operations == 0)
        #expect(cost.float64Operations == 108)
        // 32 elements of 4 bytes, Θ in 8.
        #expect(cost.bytes == 32 * 4 + 8 * 8)
    }

    /// Rows are points times outputs: with 3 outputs the read-out's Gram matrix of 6 rows has 21 entries on and below the diagonal.
    @Test func outputsMakeRows() throws {
        var problem = Self.small
        problem.outputs = 3
        problem.depth = 0
        let cost = try BenchmarkStage.tangent.cost(problem, .float64)
        #expect(cost.float64Operations == 2 * Double(3 * 2 * 2 + 21 * 2 * 3))
    }

    @Test func floorIsTheLargerOfArithmeticAndMemory() {
        let ceiling = DeviceCeiling(float32Rate: 100, float64Rate: 50, bandwidth: 10)
        let arithmetic = BenchmarkCost(float32Operations: 200, float64Operations: 150, bytes: 30)
        #expect(arithmetic.floor(ceiling) == 5)
        #expect(arithmetic.peak(ceiling) == 70)
        #expect(BenchmarkCost(float32Operations: 200, bytes: 30).floor(ceiling) == 3)
        #expect(BenchmarkCost(bytes: 30).peak(ceiling) == nil)
    }
}
