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
    /// When the handlers were put in place.
    private static let installed = Atomic<UInt64>(0)

    /// Takes charge of the signals; called once, before a command runs.
    static func prepare() {
        _ = (isListening.load(ordering: .relaxed), isPending)  // initialised here and not first inside the handler
        AtomicFile.removeTemporaryFile()
        install()
    }

    /// Takes charge of the signals anew. LLVM, which PoCL loads with the first look for devices or the first compilation, puts handlers of
    /// its own in the place of these, under which a second signal that follows closely kills the process.
    private static func install() {
        // A parent that starts this process from a worker thread may pass on a mask that blocks every signal.
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&set, number)
            var action = sigaction()
            if number == SIGHUP, ignoresHangUp {
                action.__sigaction_handler.sa_handler = SIG_IGN
            } else {
                action.__sigaction_handler.sa_handler = { _ in Interruption.receive() }
            }
            action.sa_flags = SA_RESTART
            sigemptyset(&action.sa_mask)
            sigaction(number, &action, nil)
        }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        installed.store(now(), ordering: .relaxed)
    }

    /// Whether SIGHUP was ignored when the program began: nohup has it so, and means it.
    private static let ignoresHangUp: Bool = {
        var former = sigaction()
        sigaction(SIGHUP, nil, &former)
        return isIgnored(former.__sigaction_handler.sa_handler)
    }()

    /// Nanoseconds since the system started.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
    }

    /// From now on the first signal waits for `check`; called before long work.
    static func listen() { isListening.store(true, ordering: .relaxed) }

    /// Called after the first look for devices, whose drivers may have taken the signals.
    static func reclaim() { install() }

    /// Only what a signal handler may do: atomic values, clock_gettime(2), write(2), unlink(2) and _exit(2).
    private static func receive() {
        guard isListening.load(ordering: .relaxed) else { return end() }
        let now = now()
        let (isFirst, earlier) = first.compareExchange(expected: 0, desired: now, ordering: .relaxed)
        guard isFirst else {
            // timeout(1) signals its child and then the child's group, and systemd sends SIGTERM and SIGHUP: that is one request to stop.
            // Nobody presses Ctrl-C twice in a twentieth of a second.
            if now &- earlier > 50_000_000 { end() }
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
    static var isPending: Bool {
        if now() &- installed.load(ordering: .relaxed) > 50_000_000 { install() }
        return first.load(ordering: .relaxed) != 0
    }

    /// How long work that can be finished in a moment is waited for, in nanoseconds.
    private static let patience: UInt64 = 10_000_000_000

    /// Called within a piece of work that is worth finishing.
    /// - Throws: `Interrupted` where that takes longer than ten seconds after a signal.
    static func checkPatience() throws(Interrupted) {
        guard isPending, now() &- first.load(ordering: .relaxed) > patience else { return }
        throw Interrupted()
    }

    /// Called between two pieces of work, such as in an engine's `deliver`.
    /// - Throws: `Interrupted` after a signal.
    static func check() throws(Interrupted) {
        if isPending { throw Interrupted() }
    }
}
