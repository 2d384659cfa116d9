import Foundation
import OpenCL

/// Where the system's loader looks for libraries, which it reads when a process starts.
enum LibraryPath {
    /// Starts this process anew where a GPU's driver was found whose other libraries would not be. Must come before anything else: nothing
    /// of this process stays but its files and streams.
    static func complete() {
        guard let path = DriverDiscovery.current.libraryPath,
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        setenv("LD_LIBRARY_PATH", path, 1)
        // Returns only where it fails, and then the driver says what it lacks.
        execv(program, CommandLine.unsafeArgv)
    }
}
