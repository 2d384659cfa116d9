import Arrays
import Engines
import Testing

@Suite struct HostMemoryTests {
    @Test func countsBytes() {
        #expect(HostMemory.bytes(ofDoubles: [[3, 5], [2]]) == 8 * (15 + 2))
        #expect(HostMemory.bytes(ofDoubles: [[1 << 40, 1 << 40]]) == .max)
        #expect(HostMemory.bytes(ofDoubles: [[1 << 59], [1 << 59], [1]]) == .max)
        #expect(HostMemory.availableBytes > 0)
    }

    @Test func refusesWhatDoesNotFit() throws {
        try HostMemory.require(doubles: [[10, 10]], for: "a table", remedy: "wait", available: 800)
        #expect(throws: EngineError.doesNotFit(what: "a table", asked: 808, available: 800, remedy: "wait")) {
            try HostMemory.require(doubles: [[10, 10], [1]], for: "a table", remedy: "wait", available: 800)
        }
    }
}

@Suite struct TangentKernelTests {
    /// Elements that state their indices, n i m j in decimal digits.
    @Test func permutesToBlocks() throws {
        let (points, outputs) = (3, 2)
        var elements: [Double] = []
        for n in 0..<points {
            for i in 0..<outputs {
                for m in 0..<points { for j in 0..<outputs { elements.append(Double(1000 * n + 100 * i + 10 * m + j)) } }
            }
        }
        let kernel = try TangentKernel(points: points, outputs: outputs, elements: elements)
        let blocks = try kernel.blocks
        #expect(blocks.shape == [3, 3, 2, 2])
        // Element [n, m, i, j] of the blocks, here [2, 1, 0, 1] and [0, 2, 1, 0].
        #expect(blocks.elements[((2 * 3 + 1) * 2 + 0) * 2 + 1] == 2011)
        #expect(blocks.elements[((0 * 3 + 2) * 2 + 1) * 2 + 0] == 120)
        // Σ_ni 1010 n + 101 i.
        #expect(kernel.trace == 2 * 1010 * 3 + 3 * 101)
    }

    @Test func refusesAWrongCount() {
        #expect(throws: NumericArrayError.self) { try TangentKernel(points: 2, outputs: 2, elements: [1, 2, 3]) }
    }
}
