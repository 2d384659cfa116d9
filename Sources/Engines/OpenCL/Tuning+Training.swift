import Arrays
import Compute

extension Tuning {
    /// Whether members of that layout take many steps of a training in one launch. Decided by a member's own sizes, so that its results
    /// do not depend on who is trained beside it.
    func fusesTraining(_ layout: DeviceLayout, points: Int, elementBytes: Int) -> Bool {
        points <= self[.fusedPoints]
            && layout.weightStride.times(elementBytes) <= self[points == 1 ? .fusedWeightBytesOnePoint : .fusedWeightBytes]
    }

    /// Whether compute units share the matrices of larger members with so many points.
    func sharesRows(points: Int) -> Bool { points <= self[.sharedPoints] }

    /// Operations of a compute unit in one launch of many steps: about a tenth of a second.
    private static let launchOperations = 5e9

    /// Steps of one launch, at least one.
    func fusedSteps(_ layout: DeviceLayout, points: Int, members: Int, computeUnits: Int) -> Int {
        let rounds = Double((members + computeUnits - 1) / max(1, computeUnits))
        return max(1, Int(Self.launchOperations / (Self.fusedOperations(layout, points: points) * rounds)))
    }

    /// Members of one launch: so many that it still takes some dozens of steps, for which a member's weights come into the cache once.
    func fusedBatch(_ layout: DeviceLayout, points: Int, computeUnits: Int) -> Int {
        computeUnits * max(1, Int(Self.launchOperations / (64 * Self.fusedOperations(layout, points: points))))
    }

    /// What a step of one member takes: 6 N + 4 for every weight, and what activations and short loops cost in the time of as many.
    private static func fusedOperations(_ layout: DeviceLayout, points: Int) -> Double {
        Double(6 * points + 4) * Double(layout.weightStride) + Double(20_000 * layout.layers.count * points)
    }
}
