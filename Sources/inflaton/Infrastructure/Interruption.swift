import Foundation
import Synchronization

/// The user pressed Ctrl-C.
struct Interrupted: Error, CustomStringConvertible {
    /// What is kept of the work and how it goes on, if anything is kept.
    var remedy: String?
    var description: String { "interrupted" + (remedy.map { ": \($0)" } ?? "") }
}

/// Turns the first SIGINT into an error thrown between two pieces of work, so that nothing half-written stays behind; the second
/// ends the process at once.
enum Interruption {
    private static let pending = Atomic(false)

    /// Begins to listen; called once before long work.
    static func listen() {
        _ = pending.load(ordering: .relaxed)  // initialised here and not first inside the handler
        signal(SIGINT) { _ in
            // Only what a signal handler may do: an atomic flag, write(2) and _exit(2).
            if Interruption.pending.exchange(true, ordering: .relaxed) { _exit(ExitStatus.interrupted.rawValue) }
            let text: StaticString = "\ninflaton: finishing what is in flight; press Ctrl-C again to stop at once\n"
            _ = write(2, text.utf8Start, text.utf8CodeUnitCount)
        }
        // A parent that starts this process from a worker thread may pass on a mask that blocks every signal.
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Whether the user asked to stop.
    static var isPending: Bool { pending.load(ordering: .relaxed) }

    /// Called between two pieces of work, such as in an engine's `deliver`.
    /// - Throws: `Interrupted` after a SIGINT.
    static func check() throws(Interrupted) {
        if isPending { throw Interrupted() }
    }
}
