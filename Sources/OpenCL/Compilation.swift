import Dispatch
import Foundation
import Synchronization

/// Notices when a process waits for kernels to be compiled, which a driver may do while a program is built or when a kernel is launched
/// in work-groups of a size for the first time.
public enum Compilation {
    /// What a listener is told.
    public struct Notice: Sendable, Equatable {
        /// The device's name.
        public let device: String
        /// Where the compiled kernels are kept, so that they are there the next time; nil for nowhere.
        public let folder: String?
    }

    /// Waits shorter than this are taken for loads of what was compiled before.
    private static let shortest = Duration.milliseconds(30)

    private struct State {
        var listener: (@Sendable (Notice) -> Void)?
        var patience = Duration.zero
        /// Spent in waits that are over.
        var spent = Duration.zero
        var number = 0
        var running: Set<Int> = []

        mutating func take() -> (@Sendable (Notice) -> Void)? {
            defer { listener = nil }
            return listener
        }
    }

    private static let state = Mutex(State())

    /// Has a listener told, once in the process, when waits add up to that time, while the wait lasts and from a thread of its own.
    public static func notify(after patience: Duration = .seconds(1), _ listener: @escaping @Sendable (Notice) -> Void) {
        state.withLock { $0 = State(listener: listener, patience: patience) }
    }

    /// A wait that may be one.
    struct Wait {
        fileprivate let number: Int
        fileprivate let start = ContinuousClock.now
    }

    /// Begins a wait; nil where nobody listens.
    static func begin(in context: Context) -> Wait? {
        let begun = state.withLock { state -> (wait: Wait, rest: Duration)? in
            guard state.listener != nil else { return nil }
            state.number += 1
            state.running.insert(state.number)
            return (Wait(number: state.number), state.patience - state.spent)
        }
        guard let begun else { return nil }
        let number = begun.wait.number, notice = Notice(device: context.device.name, folder: context.folderOfPrograms)
        DispatchQueue.global().asyncAfter(deadline: .now() + max(begun.rest, shortest) / .seconds(1)) {
            let listener = state.withLock { $0.running.contains(number) ? $0.take() : nil }
            listener?(notice)
        }
        return begun.wait
    }

    /// Ends a wait.
    static func end(_ wait: Wait?) {
        guard let wait else { return }
        let time = ContinuousClock.now - wait.start
        state.withLock { state in
            state.running.remove(wait.number)
            if time > shortest { state.spent += time }
        }
    }
}

extension Context {
    /// Where the compiled form of its programs is kept between runs; nil for nowhere.
    fileprivate var folderOfPrograms: String? {
        device.keepsPrograms ? ProgramStorage.current.folder : cache?.directory.path(percentEncoded: false)
    }
}
