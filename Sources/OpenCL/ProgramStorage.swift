import Foundation

/// Where PoCL keeps the programs that it has compiled.
enum ProgramStorage {
    /// Gives PoCL a folder that it can write to, where its own would be one that it cannot: with nowhere to write it offers no device at
    /// all, as on hosts where home folders are read-only. Must come before the first call of OpenCL.
    static func provide(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard environment["POCL_CACHE_DIR"] == nil else { return }
        let home = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? "/nonexistent"
        if canWrite(home + "/pocl") { return }
        let substitute = FileManager.default.temporaryDirectory.appending(path: "inflaton-pocl-\(getuid())").path(percentEncoded: false)
        if canWrite(substitute) { setenv("POCL_CACHE_DIR", substitute, 0) }
    }

    private static func canWrite(_ folder: String) -> Bool {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return access(folder, W_OK | X_OK) == 0
    }
}
