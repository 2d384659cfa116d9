import Engines
import Foundation
import OpenCL

extension Console {
    /// What every command does with its engines before they work: takes back the signals that drivers took, has a driver that ends the
    /// process say why, and has a person told who waits for kernels to be compiled.
    func attend(_ engines: [any Engine]) {
        DriverCrash.listen(on: engines)
        Compilation.notify { [self] notice in
            if isatty(STDERR_FILENO) == 1, !json, !quiet { Self.redraw("") }
            note(
                "compiling kernels for \(notice.device)" + (notice.folder.map { "; they are kept for the next time in \($0)" } ?? ""))
        }
    }
}
