import Foundation

/// Where PoCL keeps the kernels that it has compiled: shared objects, which it loads without a look at who wrote them, and without which it
/// offers no device at all.
public struct ProgramStorage: Sendable, Equatable {
    /// The folder; nil where none could be had.
    public let folder: String?
    /// Why it is not the one that the user or PoCL would have taken; nil if it is.
    public let note: String?

    /// What this process uses: decided before the first call of OpenCL, which reads `POCL_CACHE_DIR`.
    public static let current: ProgramStorage = {
        let storage = ProgramStorage()
        if let folder = storage.folder { setenv("POCL_CACHE_DIR", folder, 1) }
        return storage
    }()

    /// A folder that was decided on elsewhere.
    public init(folder: String?, note: String?) { (self.folder, self.note) = (folder, note) }

    /// Takes the folder that `POCL_CACHE_DIR` names, or PoCL's own in the user's cache, if it can be written and nobody else can write to
    /// it; else one of this user in the folder for temporary files; else a new one there, for this process alone.
    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - temporary: the folder for temporary files. Default: the system's.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        temporary: String = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    ) {
        let given = environment["POCL_CACHE_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        let caches = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? environment["HOME"].map { $0 + "/.cache" }
        var reasons: [String] = []
        func usable(_ path: String, isShared: Bool = false) -> Bool {
            do {
                try CodeFolder.prepare(path, isShared: isShared)
                return true
            } catch {
                reasons.append("\(path) \(error)")
                return false
            }
        }
        func note(_ folder: String) -> String? {
            guard !reasons.isEmpty else { return nil }
            let remedy = given == nil ? "set POCL_CACHE_DIR to a folder of yours" : "set POCL_CACHE_DIR to another folder, or unset it"
            return "PoCL's cache of compiled kernels is in \(folder), because \(reasons.joined(separator: ", and ")); \(remedy)"
        }
        if let preferred = given ?? caches.map({ $0 + "/pocl/kcache" }) {
            if usable(preferred) {
                (folder, self.note) = (preferred, nil)
                return
            }
        } else {
            reasons.append("neither HOME nor XDG_CACHE_HOME is set")
        }
        let shared = temporary + (temporary.hasSuffix("/") ? "" : "/") + "inflaton-pocl-\(geteuid())"
        if usable(shared, isShared: true) {
            (folder, self.note) = (shared, note(shared))
            return
        }
        guard let made = Self.folderOfThisProcess(beside: shared) else {
            reasons.append("no folder can be made in \(temporary)")
            folder = nil
            self.note =
                "PoCL has nowhere to keep compiled kernels: \(reasons.joined(separator: ", and ")); set POCL_CACHE_DIR to a folder of yours"
            return
        }
        (folder, self.note) = (made, note(made))
    }

    /// A new folder that is removed when the process ends.
    private static func folderOfThisProcess(beside path: String) -> String? {
        guard let made = CodeFolder.temporary(named: path) else { return nil }
        temporaryFolder = made
        atexit { try? FileManager.default.removeItem(atPath: ProgramStorage.temporaryFolder) }
        return made
    }

    // Written once, before the handler that reads it is registered.
    nonisolated(unsafe) private static var temporaryFolder = ""
}
