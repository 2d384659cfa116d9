import Foundation

/// The variables that the OpenCL loader of a process reads. There are two loaders in use, which answer to different ones: that of Khronos
/// and ocl-icd, which Debian has. Both name theirs in their files, and asking the loader itself would start it.
public struct LoaderVariables: Sendable {
    /// The text of the loader's file; nil where what stands in its place names none, such as a library that wraps it.
    private let text: Data?

    /// Those of this process.
    public static let current = LoaderVariables(file: loadedFile())

    /// Those that a file names.
    /// - Parameter file: of a loader; nil where none is known.
    public init(file: String?) {
        let text = file.flatMap { try? Data(contentsOf: URL(filePath: $0), options: .mappedIfSafe) }
        self.text = text.flatMap { $0.range(of: Data("OCL_ICD_VENDORS".utf8)) == nil ? nil : $0 }
    }

    /// Whether the loader reads that variable. Of an unknown one it is believed of all but `OCL_ICD_FILENAMES`: the loader that knows that
    /// variable takes every library once, however often it is named.
    public func reads(_ variable: String) -> Bool {
        guard let text else { return variable != DriverDiscovery.listVariable }
        return text.range(of: Data(variable.utf8)) != nil
    }

    /// The file from which this process has the loader's functions.
    private static func loadedFile() -> String? {
        guard let function = dlsym(nil, "clGetPlatformIDs"), let maps = FileManager.default.contents(atPath: "/proc/self/maps") else {
            return nil
        }
        let address = UInt(bitPattern: function)
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5), ends = fields[0].split(separator: "-").map { UInt($0, radix: 16) ?? 0 }
            guard fields.count == 6, ends.count == 2, ends[0] <= address, address < ends[1] else { continue }
            return String(fields[5].drop { $0 == " " })
        }
        return nil
    }
}
