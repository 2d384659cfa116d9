import Foundation

/// NVIDIA's OpenCL driver where no file names it to the loader, as in many containers, which are given the driver's libraries alone.
///
/// The loader knows the drivers that the .icd files of a folder name. A driver that lies where others have it too, and that no such file
/// names in a way that works, is offered to the loader beside those that are named; the process has to find the driver's other libraries
/// as well (`libraryPath`). Where a variable says which drivers to take, the user has decided, and nothing is changed.
public struct DriverDiscovery: Sendable, Equatable {
    /// The path of the driver that the loader would miss; nil where there is none.
    public let library: String?
    /// `LD_LIBRARY_PATH` as it must be when the process starts for the driver to find its other libraries; nil if it finds them.
    public let libraryPath: String?
    /// The libraries that .icd files name, but for NVIDIA's.
    private let others: [String]

    /// What holds for this process.
    public static let current = DriverDiscovery()

    /// The variables by which loaders are told what to load.
    static let variables = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH", "OCL_ICD_FILENAMES"]

    private static let name = "libnvidia-opencl.so.1"
    /// The driver needs this one, which is installed with it.
    private static let neighbour = "libcuda.so.1"

    /// Looks for the driver.
    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - root: where the file system begins, without a slash at the end. Default: empty, the process's own.
    ///   - canLoad: whether the process can load a library of that name or path. Default: it is tried.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "",
        canLoad: (String) -> Bool = { dlopen($0, RTLD_LAZY) != nil }
    ) {
        let search = (environment["LD_LIBRARY_PATH"] ?? "").split(separator: ":").map(String.init)
        guard Self.variables.allSatisfy({ environment[$0, default: ""].isEmpty }),
            let folder = (search.filter { $0.hasPrefix("/") } + Self.folders(below: root)).first(where: {
                access($0 + "/" + Self.name, R_OK) == 0
            })
        else {
            (library, libraryPath, others) = (nil, nil, [])
            return
        }
        let named = InstalledDrivers.libraries(at: root + "/etc/OpenCL/vendors").map(\.library)
        let isOurs = { (library: String) in library.contains("libnvidia-opencl.so") }
        library = named.contains { isOurs($0) && canLoad($0) } ? nil : folder + "/" + Self.name
        others = named.filter { !$0.isEmpty && !isOurs($0) }
        let isReached = search.contains(folder) || access(folder + "/" + Self.neighbour, R_OK) != 0 || canLoad(Self.neighbour)
        libraryPath = isReached ? nil : (search + [folder]).joined(separator: ":")
    }

    /// Where containers, distributions and subsystems put the libraries of NVIDIA's driver, those made for one container first.
    private static func folders(below root: String) -> [String] {
        let libraries = root + "/usr/lib"
        let ofMachines = ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []).filter { $0.hasSuffix("-linux-gnu") }
        return ["/usr/local/nvidia/lib64", "/usr/local/nvidia/lib"].map { root + $0 }
            + ofMachines.sorted().flatMap { ["\(libraries)/\($0)", "\(libraries)/\($0)/nvidia/current"] }
            + ["/usr/lib64", "/usr/lib64/nvidia", "/usr/lib/nvidia/current", "/usr/lib/wsl/lib", "/run/opengl-driver/lib"].map { root + $0 }
    }

    /// A new folder with an .icd file for the library and for every other driver; nil where none is needed, or none can be made. Whoever
    /// asks removes it. It is this user's alone, as what it names is code to run.
    public func makeFolder() -> String? {
        guard let library, let folder = CodeFolder.temporary(named: "inflaton-drivers") else { return nil }
        for (number, driver) in (others + [library]).enumerated() {
            try? Data((driver + "\n").utf8).write(to: URL(filePath: "\(folder)/\(number).icd"))
        }
        return folder
    }

    /// Does what starts the loader, which is given such a folder meanwhile: it looks once.
    func offered<Result>(_ start: () -> Result) -> Result {
        guard let folder = makeFolder() else { return start() }
        setenv("OCL_ICD_VENDORS", folder, 1)
        defer {
            unsetenv("OCL_ICD_VENDORS")
            try? FileManager.default.removeItem(atPath: folder)
        }
        return start()
    }
}
