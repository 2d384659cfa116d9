import Synchronization

/// χ of what was counted of an ensemble, for all copies of the record: read when it is first asked for.
///
/// A store asks for it when an ensemble is trained, and the report of the same command once more; what is known ends with the record.
package final class KnownMeter: Sendable {
    private let state = Mutex<(known: (training: EnsembleTraining, meter: EnsembleMeter)?, read: Int)>((nil, 0))

    package init() {}

    /// How often it was read from the counts.
    package var timesRead: Int { state.withLock { $0.read } }

    /// - Parameter reading: what reads it; errors are not kept.
    func meter(of training: EnsembleTraining, reading: () throws -> EnsembleMeter) rethrows -> EnsembleMeter {
        if let known = state.withLock({ $0.known }), known.training == training { return known.meter }
        let meter = try reading()
        state.withLock { state in
            state.known = (training, meter)
            state.read += 1
        }
        return meter
    }
}

/// What is known of a record tells it from no other.
extension KnownMeter: Hashable {
    package static func == (_: KnownMeter, _: KnownMeter) -> Bool { true }

    package func hash(into _: inout Hasher) {}
}
