import COpenBLAS
import Synchronization

/// The threads of the host's linear algebra.
public enum HostThreads {
    /// Lets OpenBLAS use at most that many threads from now on. Its own variable is read when the library is loaded, which is before
    /// a program can set it.
    public static func limit(to count: Int) {
        openblas_set_num_threads(Int32(clamping: max(1, count)))
    }

    private struct Nesting {
        var depth = 0
        var outside: Int32 = 1
    }

    private static let nesting = Mutex(Nesting())

    /// Runs `body` with OpenBLAS on the calling thread only, for work that is itself spread over all cores: many small problems
    /// otherwise wait for each other's threads. Calls may overlap; the last to end restores the
    /// number of threads that the first one found.
    public static func withoutNesting<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        nesting.withLock { state in
            if state.depth == 0 {
                state.outside = openblas_get_num_threads()
                openblas_set_num_threads(1)
            }
            state.depth += 1
        }
        defer {
            nesting.withLock { state in
                state.depth -= 1
                if state.depth == 0 { openblas_set_num_threads(state.outside) }
            }
        }
        return try body()
    }
}
