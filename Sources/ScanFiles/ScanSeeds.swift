import Runs

/// The seeds of a scan: replica after replica, innermost.
struct ScanSeeds: Sendable {
    /// Seeds as listed; nil where they are counted from ``first``.
    let listed: [UInt64]?
    let first: UInt64
    /// Replicas of each combination.
    let count: Int
    /// The axes whose combinations have seeds of their own, with the number of seeds from one position to the next.
    let strides: [(axis: Int, stride: Int)]

    func seed(_ evaluation: borrowing ScanEvaluation) -> UInt64 {
        if let listed { return listed[evaluation.replica] }
        var number = evaluation.replica
        for (axis, stride) in strides { number += evaluation.position(axis) * stride }
        return first + UInt64(number)
    }
}
