import Foundation

/// A folder of its own for a test, gone with the last one who holds it.
public final class TemporaryFolder: Sendable {
    /// It is there until then.
    public let url: URL

    /// An empty folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "inflaton-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// One that lasts as long as the body.
    public static func with<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
        let folder = try TemporaryFolder()
        return try withExtendedLifetime(folder) { try body(folder) }
    }

    public var path: String { url.path }

    /// The path of a file in it.
    public func file(_ name: String) -> String { path + "/" + name }

    /// The names of what is in it.
    public var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}
