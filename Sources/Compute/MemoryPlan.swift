import Arrays

/// How a batch uses the memory of a device.
public struct MemoryPlan: Sendable, Hashable {
    /// Members computed together.
    public let membersPerBatch: Int
    /// Device memory of one batch.
    public let bytesPerBatch: Int
    /// Bytes that do not depend on the number of members.
    public let fixedBytes: Int
    /// Bytes of each further member.
    public let bytesPerMember: Int

    public init(membersPerBatch: Int, bytesPerBatch: Int, fixedBytes: Int, bytesPerMember: Int) {
        self.membersPerBatch = membersPerBatch
        self.bytesPerBatch = bytesPerBatch
        self.fixedBytes = fixedBytes
        self.bytesPerMember = bytesPerMember
    }
}

/// Arrays of a single member, or one of them, that a device has no room for.
package struct MemoryShortage: Error {
    /// The array that is too large for one allocation; nil where all together are too large.
    package let array: String?
    package let asked: Int
    package let available: Int
}

extension MemoryPlan {
    /// The largest batch whose arrays fit.
    /// - Parameters:
    ///   - needs: its arrays.
    ///   - members: as many as there are, at the most.
    ///   - besides: bytes of each member for what is no array of the batch.
    ///   - available: bytes that are free on the device.
    /// - Throws: `MemoryShortage` if not even one member fits.
    package init<Key>(
        fitting needs: [ArrayNeed<Key>], members: Int, besides: Int, on device: DeviceProfile, available: Int
    ) throws(MemoryShortage) {
        let available = max(0, available), largest = device.largestAllocationBytes
        var batch = members
        for need in needs {
            let asked = need.bytesPerMember.plus(need.fixedBytes)
            guard asked <= largest else { throw MemoryShortage(array: need.name, asked: asked, available: largest) }
            if need.bytesPerMember > 0 { batch = min(batch, (largest - need.fixedBytes) / need.bytesPerMember) }
        }
        let perMember = needs.reduce(besides) { $0.plus($1.bytesPerMember) }, fixed = needs.reduce(0) { $0.plus($1.fixedBytes) }
        guard perMember.plus(fixed) <= available else {
            throw MemoryShortage(array: nil, asked: perMember.plus(fixed), available: available)
        }
        batch = min(batch, (available - fixed) / max(1, perMember))
        self.init(membersPerBatch: batch, bytesPerBatch: fixed + batch * perMember, fixedBytes: fixed, bytesPerMember: perMember)
    }
}
