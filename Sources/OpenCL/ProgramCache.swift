import Foundation

/// Compiled programs on disk, one file a program, shared by all processes of a user.
///
/// A file that is missing, damaged, cut short, or belongs to another program of the same hash counts as absent, and so do all
/// files of a folder that other users can write to; a folder that cannot be written counts as full. Files appear whole by renaming, so processes need no lock among them.
public struct ProgramCache: Sendable {
    /// The folder. Made when the first program is stored.
    public let directory: URL

    /// - Parameter directory: the folder of the files.
    public init(directory: URL) {
        self.directory = directory
    }

    /// The user's cache: `INFLATON_CACHE`, or `inflaton` in `XDG_CACHE_HOME`, or `~/.cache/inflaton`.
    /// - Parameter environment: the variables to read. Default: those of the process.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        if let path = environment["INFLATON_CACHE"], !path.isEmpty {
            directory = URL(filePath: path)
        } else if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
            directory = URL(filePath: path).appending(path: "inflaton")
        } else {
            directory = URL(filePath: environment["HOME"] ?? NSHomeDirectory()).appending(path: ".cache/inflaton")
        }
    }

    // A file is: magic, length of the key, key, length of the binary, its hash, binary; integers are 64 bits, little endian.
    private static let magic = Array("inflaton program 1\n".utf8)

    func load(_ key: ProgramKey) -> [UInt8]? {
        guard CodeFolder.isSafe(directory.path(percentEncoded: false)), let data = try? Data(contentsOf: file(key)) else { return nil }
        var rest = data[...]
        func take(_ count: Int) -> Data.SubSequence? {
            guard count >= 0, count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func takeInteger() -> UInt64? {
            take(8).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        }
        guard let magic = take(Self.magic.count), magic.elementsEqual(Self.magic),
            let keyLength = takeInteger(), let text = take(Int(clamping: keyLength)), text.elementsEqual(key.text.utf8),
            let length = takeInteger(), let hash = takeInteger(), length == rest.count
        else { return nil }
        let binary = [UInt8](rest)
        return Checksum(of: binary).value == hash ? binary : nil
    }

    func store(_ binary: [UInt8], for key: ProgramKey) {
        var data = Data(Self.magic)
        func append(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        let text = Array(key.text.utf8)
        append(UInt64(text.count))
        data.append(contentsOf: text)
        append(UInt64(binary.count))
        append(Checksum(of: binary).value)
        data.append(contentsOf: binary)
        // A program that cannot be kept is compiled again next time, which is all that a failure here means.
        guard (try? CodeFolder.prepare(directory.path(percentEncoded: false))) != nil else { return }
        try? data.write(to: file(key), options: .atomic)
    }

    private func file(_ key: ProgramKey) -> URL { directory.appending(path: "\(Checksum(of: key.text)).clbinary") }
}
