import Arrays
import Foundation
import OpenCL

/// The tuned table of one device and precision in the user's cache directory: a small JSON file, replaced as a whole.
///
/// A kernel's row holds for the sources that it was measured with; with others it is stale and the portable row is used. A file that
/// cannot be read, and a row with a value that cannot be, count as absent and are warned of.
public struct TuningStore: Sendable {
    /// Whose table it is. Results on another device, driver or precision are no guide.
    public struct Identity: Sendable, Hashable, Codable {
        /// The device's name.
        public let device: String
        /// The platform and the driver's version.
        public let driver: String
        public let precision: Precision

        public init(device: String, driver: String, precision: Precision) {
            self.device = device
            self.driver = driver
            self.precision = precision
        }
    }

    /// What was found for a kernel.
    public struct Entry: Sendable, Hashable, Codable {
        /// All parameters that the kernel reads; empty where the portable row is the best.
        public var parameters: [String: Int]
        /// The checksum of the kernel's sources.
        public var sources: String
        /// The tuned time over the portable one.
        public var ratio: Double?
        /// The release that measured.
        public var version: String?
        /// When: ISO 8601, UTC.
        public var date: String?

        /// What was found now, with the kernel's present sources.
        /// - Parameter version: the release that measured.
        public init(_ kernel: TunableKernel, parameters: [String: Int], ratio: Double, version: String?, date: Date = Date()) {
            self.parameters = parameters
            self.ratio = ratio
            sources = kernel.sourceDigest ?? ""
            self.version = version
            self.date = date.formatted(.iso8601)
        }
    }

    /// The file. It may not exist.
    public let path: String
    let identity: Identity
    let device: Device
    private let kernels: [TunableKernel]

    /// The table of a device and a precision.
    /// - Parameters:
    ///   - directory: the cache directory (`ProgramCache`).
    ///   - kernels: whose rows are read. Who saves a row gives all of them, since other rows are left out.
    ///   - identity: default: the device's own.
    public init(directory: URL, device: Device, precision: Precision, kernels: [TunableKernel], identity: Identity? = nil) {
        let identity =
            identity ?? Identity(device: device.name, driver: "\(device.platform) \(device.driverVersion)", precision: precision)
        let key = "\(identity.device)\n\(identity.driver)\n\(identity.precision.rawValue)"
        path = directory.appending(path: "tuning-\(Checksum(of: key)).json").path
        self.identity = identity
        self.device = device
        self.kernels = kernels
    }

    /// What a file holds that can be used, and what is to be said of the rest.
    public struct Contents: Sendable {
        /// The rows for the present sources.
        public var entries: [TunableKernel: Entry] = [:]
        /// Kernels whose sources have changed since they were tuned.
        public var stale: [TunableKernel] = []
        /// What is wrong with the file.
        public var warnings: [String] = []
        /// The rows as a table.
        public var table: TuningTable { TuningTable(entries.mapValues(\.parameters)) }
    }

    /// Reads the file; without one there is nothing to say.
    public func load() -> Contents {
        var contents = Contents()
        let remedy = "the portable parameters are used; run 'inflaton tune' again, or remove the file with 'inflaton tune --forget'"
        guard FileManager.default.fileExists(atPath: path) else { return contents }
        let document: StoredTuning
        do {
            document = try JSONDecoder().decode(StoredTuning.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            contents.warnings.append("the tuning table \(path) cannot be read (\(Self.reason(error))), so \(remedy)")
            return contents
        }
        guard document.format == StoredTuning.format, document.identity == identity else {
            contents.warnings.append(
                "the tuning table \(path) is of format \(document.format) for \(document.identity.device), \(document.identity.driver), "
                    + "\(document.identity.precision.rawValue), not of format \(StoredTuning.format) for \(identity.device), "
                    + "\(identity.driver), \(identity.precision.rawValue), so \(remedy)")
            return contents
        }
        for kernel in kernels {
            guard let stored = document.kernels[kernel.name] else { continue }
            guard stored.sources == kernel.sourceDigest else {
                contents.stale.append(kernel)
                continue
            }
            do {
                let entry = try stored.entry(kernel)
                try TuningTable([kernel: entry.parameters]).validate(on: device, precision: identity.precision)
                contents.entries[kernel] = entry
            } catch {
                contents.warnings.append("in the tuning table \(path), \(error); for this kernel \(remedy)")
            }
        }
        return contents
    }

    /// Adds or replaces a kernel's row, and leaves out those that are stale or wrong.
    /// - Throws: `FileError.cannotWrite`.
    public func save(_ entry: Entry, for kernel: TunableKernel) throws {
        var entries = load().entries
        entries[kernel] = entry
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let folder = PathParts.folder(of: path)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.cannotWrite(path: path, reason: "the folder \(folder) cannot be made")
        }
        try AtomicFile.write(encoder.encode(StoredTuning(identity, entries)), to: path, overwrite: true)
    }

    /// Removes the file.
    /// - Returns: whether there was one.
    /// - Throws: `FileError.cannotWrite`.
    public func forget() throws -> Bool {
        guard unlink(path) != 0 else { return true }
        guard errno == ENOENT else { throw FileError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        return false
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "it has no '\(key.stringValue)'"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
        case is DecodingError: "it is no JSON of a tuning table"
        default: "\(error.localizedDescription)"
        }
    }
}
