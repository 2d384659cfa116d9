import Foundation

/// Drivers that the OpenCL loader would miss: NVIDIA's where no file names it, as in many containers, which are given the driver's libraries
/// alone, and those of a variable that another loader would read.
///
/// The loader knows the drivers that the .icd files of a folder name. A driver that lies where others have it too, and that no such file
/// names in a way that works, is offered to the loader beside those that are named; the process has to find the driver's other libraries
/// as well (`libraryPath`). Where a variable that the loader reads says in which folder to look, the user has decided, and nothing is
/// changed. `OCL_ICD_FILENAMES` names drivers beside those of the folder, to the loader of Khronos alone: another one is offered them.
public struct DriverDiscovery: Sendable, Equatable {
    /// The path of NVIDIA's driver where the loader would miss it; nil where it would not, or there is none.
    public let library: String?
    /// Drivers that `OCL_ICD_FILENAMES` names, that can be loaded, and that the loader would miss, each once.
    public let listed: [String]
    /// `LD_LIBRARY_PATH` as it must be when the process starts for NVIDIA's driver to find its other libraries; nil if it finds them.
    public let libraryPath: String?
    /// The libraries that .icd files name, but for NVIDIA's where another takes its place.
    private let others: [String]

    /// What holds for this process.
    public static let current = DriverDiscovery()

    /// The variables by which loaders are told in which folder to look.
    static let folderVariables = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"]
    /// The variable with drivers beside those of the folder, by name or path with colons between them.
    static let listVariable = "OCL_ICD_FILENAMES"

    private static let name = "libnvidia-opencl.so.1"
    /// The driver needs this one, which is installed with it.
    private static let neighbour = "libcuda.so.1"

    /// Looks for drivers.
    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - root: where the file system begins, without a slash at the end. Default: empty, the process's own.
    ///   - loaderReads: whether the loader knows a variable. Default: what its file says.
    ///   - identity: of the library that the process can load by a name or path, the same under all of them; nil where it can load none.
    ///     Default: it is tried.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, root: String = "",
        loaderReads: (String) -> Bool = LoaderVariables.current.reads,
        identity: (String) -> String? = { dlopen($0, RTLD_LAZY).map { "\($0)" } }
    ) {
        guard Self.folderVariables.allSatisfy({ environment[$0, default: ""].isEmpty || !loaderReads($0) }) else {
            (library, listed, libraryPath, others) = (nil, [], nil, [])
            return
        }
        let filed = InstalledDrivers.libraries(at: root + "/etc/OpenCL/vendors").map(\.library).filter { !$0.isEmpty }
        let entries = Self.entries(environment), reads = loaderReads(Self.listVariable)
        // Of one library under two names some loaders make two platforms. Who is asked for nothing loads nothing.
        var known = Set(reads || entries.isEmpty ? [] : filed.compactMap(identity))
        listed = reads ? [] : entries.filter { identity($0).map { known.insert($0).inserted } ?? false }

        let search = (environment["LD_LIBRARY_PATH"] ?? "").split(separator: ":").map(String.init)
        let isOurs = { (library: String) in library.contains("libnvidia-opencl.so") }
        let folder = (search.filter { $0.hasPrefix("/") } + Self.folders(below: root)).first { access($0 + "/" + Self.name, R_OK) == 0 }
        guard let folder else {
            (library, libraryPath, others) = (nil, nil, filed)
            return
        }
        let isNamed = (filed + entries).contains { isOurs($0) && identity($0) != nil }
        library = isNamed ? nil : folder + "/" + Self.name
        others = isNamed ? filed : filed.filter { !isOurs($0) }
        let isReached = search.contains(folder) || access(folder + "/" + Self.neighbour, R_OK) != 0 || identity(Self.neighbour) != nil
        libraryPath = isReached ? nil : (search + [folder]).joined(separator: ":")
    }

    /// The drivers that the variable names.
    static func entries(_ environment: [String: String]) -> [String] {
        environment[listVariable, default: ""].split(separator: ":").map(String.init)
    }

    /// Where containers, distributions and subsystems put the libraries of NVIDIA's driver, those made for one container first.
    private static func folders(below root: String) -> [String] {
        let libraries = root + "/usr/lib"
        let ofMachines = ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []).filter { $0.hasSuffix("-linux-gnu") }
        return ["/usr/local/nvidia/lib64", "/usr/local/nvidia/lib"].map { root + $0 }
            + ofMachines.sorted().flatMap { ["\(libraries)/\($0)", "\(libraries)/\($0)/nvidia/current"] }
            + ["/usr/lib64", "/usr/lib64/nvidia", "/usr/lib/nvidia/current", "/usr/lib/wsl/lib", "/run/opengl-driver/lib"].map { root + $0 }
    }

    /// A new folder with an .icd file for every driver, those that the loader would miss last; nil where it would miss none, or no folder
    /// can be made. Whoever asks removes it. It is this user's alone, as what it names is code to run.
    public func makeFolder() -> String? {
        let missed = listed + (library.map { [$0] } ?? [])
        guard !missed.isEmpty, let folder = CodeFolder.temporary(named: "inflaton-drivers") else { return nil }
        for (number, driver) in (others + missed).enumerated() {
            try? Data((driver + "\n").utf8).write(to: URL(filePath: "\(folder)/\(number).icd"))
        }
        return folder
    }

    /// Does what starts the loader, which is given such a folder meanwhile: it looks once.
    func offered<Result>(_ start: () -> Result) -> Result {
        guard let folder = makeFolder() else { return start() }
        let variable = Self.folderVariables[0], before = ProcessInfo.processInfo.environment[variable]
        setenv(variable, folder, 1)
        defer {
            if let before { setenv(variable, before, 1) } else { unsetenv(variable) }
            try? FileManager.default.removeItem(atPath: folder)
        }
        return start()
    }
}
