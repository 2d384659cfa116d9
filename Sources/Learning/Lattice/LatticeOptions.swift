import Compute
import Networks
import OpenCL

extension LearningOptions {
    /// What random numbers of experiments on lattices are for.
    enum LatticeStream: UInt32 {
        case lessons, pairs, controls, signatures, metrics, independent
    }

    /// A key of random numbers of its own for every purpose and number.
    func key(_ stream: LatticeStream, _ number: Int = 0) -> UInt64 {
        let words = Philox.block(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: (UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), stream.rawValue, 18))
        return UInt64(words.0) << 32 | UInt64(words.1)
    }
}

extension LearningDevice {
    /// What moves waves and trains lattices here.
    /// - Parameter precision: on a device; the host has 64 bits. Default: 32 bits.
    func lattice(_ precision: Precision = .float32) throws -> any LatticeEngine {
        guard let context else { return ReferenceLattice() }
        return try DeviceLattice(KernelDevice(context: context, precision: precision))
    }
}
