import Arrays
import Engines
import Testing

@Suite struct HostMemoryPlanTests {
    @Test func partsAreAddedAndTheLargestComesFirst() {
        let plan = HostMemoryPlan([
            .init("a", bytes: 3, remedy: "less a"), .init("b", bytes: 5, remedy: "less b"), .init("c", bytes: 0, remedy: "less c"),
        ])
        #expect(plan.bytes == 8 && plan.parts.map(\.what) == ["b", "a"])
        #expect(throws: Never.self) { try plan.require(for: "it", available: 8) }
        #expect(throws: EngineError.doesNotFit(what: "it (most of all b)", asked: 8, available: 7, remedy: "less b")) {
            try plan.require(for: "it", available: 7)
        }
    }

    @Test func sizesThatOverflowNeverFit() throws {
        let plan = HostMemoryPlan([.init("a", bytes: .max, remedy: "less"), .init("b", bytes: 5, remedy: "less")])
        #expect(plan.bytes == .max)
        let error = try #require(throws: EngineError.self) { try plan.require(for: "it", available: .max - 1) }
        #expect("\(error)".contains("needs more than 9e18 bytes"))
        #expect(Int.max.times(2) == .max && (1 << 32).times(1 << 32) == .max && 3.times(4, 5) == 60 && Int.max.plus(1) == .max)
    }
}
