import Engines
import Foundation
import OpenCL

/// PoCL ends the process where a kernel in its cache is damaged: by abort(3), or by a bus error where a file was cut short. Swift's own
/// traps are other signals, so that these two can be told from faults of ours.
enum DriverCrash {
    /// Has the process end with a message that names the cache instead of a trace of PoCL's stack, and takes back the signals that ask a
    /// command to stop. Must come after the first look for devices, in which PoCL's compiler sets handlers of its own for all of them.
    static func listen(on engines: [any Engine], arguments: [String] = CommandLine.arguments) {
        Interruption.reclaim()
        guard engines.contains(where: { ($0 as? OpenCLEngine)?.context.device.keepsPrograms == true }),
            let folder = ProgramStorage.current.folder
        else { return }
        let text =
            "the OpenCL driver ended the program: PoCL's cache of compiled kernels, \(folder), may be damaged, or its disk full; "
            + "remove that folder, or set POCL_CACHE_DIR to another one, and run the command again"
        message = Array("inflaton: error: \(text)\n".utf8)
        if arguments.contains("--json") { document = Array(Failure.document(text, .failed).utf8) }
        for number in [SIGABRT, SIGBUS] {
            signal(number) { _ in
                // Only what a signal handler may do: write(2) and _exit(2).
                _ = DriverCrash.message.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
                _ = DriverCrash.document.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
                _exit(ExitStatus.failed.rawValue)
            }
        }
    }

    // Written before the handlers that read them are set.
    nonisolated(unsafe) private static var message: [UInt8] = []
    nonisolated(unsafe) private static var document: [UInt8] = []
}
