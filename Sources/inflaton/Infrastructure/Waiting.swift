import Dispatch
import Foundation

extension Console {
    /// Does work that may take long. Where it takes more than a second, a note says what is being done.
    /// - Parameter what: such as "diagonalising a kernel of 2000 rows".
    /// - Throws: what `work` throws.
    func during<Value>(_ what: String, _ work: () throws -> Value) throws -> Value {
        let isDone = DispatchSemaphore(value: 0), isOver = DispatchSemaphore(value: 0)
        // A thread of its own: the work may keep all threads of the pool.
        Thread.detachNewThread { [self] in
            if isDone.wait(timeout: .now() + 1) == .timedOut { note(what + " …") }
            isOver.signal()
        }
        defer {
            isDone.signal()
            // Nothing is said once the next thing is.
            isOver.wait()
        }
        return try work()
    }
}
