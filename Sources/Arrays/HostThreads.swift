import COpenBLAS

/// The threads of the host's linear algebra.
public enum HostThreads {
    /// Lets OpenBLAS use at most that many threads from now on. Its own variable is read when the library is loaded, which is before
    /// a program can set it.
    public static func limit(to count: Int) {
        openblas_set_num_threads(Int32(clamping: max(1, count)))
    }
}
