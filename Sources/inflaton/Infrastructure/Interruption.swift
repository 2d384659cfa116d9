import Arrays
import Foundation
import Synchronization

/// The user pressed Ctrl-C, or the system wants the process to end.
struct Interrupted: Error, CustomStringConvertible {
    /// What is kept of the work and how it goes on, if anything is kept.
    var remedy: String?
    var description: String { "interrupted" + (remedy.map { ": \($0)" } ?? "") }
}

/// SIGINT (Ctrl-C), SIGTERM (`kill`, `timeout`, schedulers, a system that shuts down) and SIGHUP (a terminal that is closed) all ask
/// a command to stop, and it ends with 130.
///
/// Commands end at once unless they `listen`. Then the first signal becomes an error thrown between two pieces of work, so that what is in
/// flight is kept; the second ends the process at once. Either way no temporary file stays behind.
enum Interruption {
    private static let isListening = Atomic(false)
    /// When the first signal came, in nanoseconds since the system started; 0 before.
    private static let first = Atomic<UInt64>(0)

    /// Takes charge of the signals; called once, before a command runs.
    static func prepare() {
        _ = (isListening.load(ordering: .relaxed), isPending)  // initialised here and not first inside the handler
        AtomicFile.removeTemporaryFile()
        // A parent that starts this process from a worker thread may pass on a mask that blocks every signal.
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // nohup has SIGHUP ignored, and means it.
            let former = signal(number) { _ in Interruption.receive() }
            if number == SIGHUP, isIgnored(former) { signal(number, SIG_IGN) }
            sigaddset(&set, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// From now on the first signal waits for `check`; called before long work.
    static func listen() { isListening.store(true, ordering: .relaxed) }

    /// Only what a signal handler may do: atomic values, clock_gettime(2), write(2), unlink(2) and _exit(2).
    private static func receive() {
        guard isListening.load(ordering: .relaxed) else { return end() }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
        let (isFirst, earlier) = first.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        guard isFirst else {
            // timeout(1) signals its child and then the child's group, and systemd sends SIGTERM and SIGHUP: that is one request to stop.
            if now &- earlier > 300_000_000 { end() }
            return
        }
        let text: StaticString = "\ninflaton: finishing what is in flight; press Ctrl-C again to stop at once\n"
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    private static func end() {
        AtomicFile.removeTemporaryFile()
        _exit(ExitStatus.interrupted.rawValue)
    }

    private static func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Whether the user asked to stop.
    static var isPending: Bool { first.load(ordering: .relaxed) != 0 }

    /// Called between two pieces of work, such as in an engine's `deliver`.
    /// - Throws: `Interrupted` after a signal.
    static func check() throws(Interrupted) {
        if isPending { throw Interrupted() }
    }
}
