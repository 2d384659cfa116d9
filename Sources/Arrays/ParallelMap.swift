import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// Transforms every element on all cores; the order is kept.
    /// - Throws: the error of the first element, in order, whose transformation throws.
    public func parallelMap<Result: Sendable>(_ transform: @Sendable (Element) throws -> Result) throws -> [Result] {
        let results = Mutex<[Swift.Result<Result, any Error>?]>(Array<Swift.Result<Result, any Error>?>(repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Swift.Result { try transform(self[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.map { try $0!.get() }
    }
}
