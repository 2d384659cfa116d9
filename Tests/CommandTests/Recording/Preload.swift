import Foundation
import Testing

/// Compiles a C file of `Tests/Support` to a shared object for `LD_PRELOAD`, by the clang of the Swift toolchain.
/// - Returns: its path, in the temporary folder; it is removed when the tests end.
/// - Throws: a failed requirement where clang does not compile it.
func compilePreload(_ name: String) throws -> String {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Support/\(name).c")
    let object = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(getpid()).so").path
    let clang = Process()
    clang.executableURL = URL(filePath: "/usr/bin/env")
    clang.arguments = ["clang", "-shared", "-fPIC", "-O1", source.path, "-o", object]
    try clang.run()
    clang.waitUntilExit()
    try #require(clang.terminationStatus == 0, "clang cannot compile \(source.path)")
    atexit {
        let folder = FileManager.default.temporaryDirectory
        for name in ["record_launches", "kill_at_write"] { unlink(folder.appending(path: "\(name)-\(getpid()).so").path) }
    }
    return object
}
