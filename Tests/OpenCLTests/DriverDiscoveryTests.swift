import Foundation
import OpenCL
import Testing

/// Where NVIDIA's driver is found, in file systems that are made up.
@Suite struct DriverDiscoveryTests {
    private static let name = "libnvidia-opencl.so.1"

    /// A file system below a folder.
    private struct Layout {
        let root: URL

        func put(_ path: String, _ text: String = "") throws {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        /// - Parameters:
        ///   - loads: names of libraries that the system finds, each with the file that it is.
        ///   - reads: variables that the loader knows.
        func discovery(
            _ environment: [String: String] = [:], loads: [String: String] = [:], reads: Set<String> = Self.ofDebian
        ) -> DriverDiscovery {
            DriverDiscovery(environment: environment, root: root.path, loaderReads: reads.contains) {
                loads[$0] ?? ($0.hasPrefix("/") && FileManager.default.fileExists(atPath: $0) ? $0 : nil)
            }
        }

        /// What ocl-icd 2.3 and the loader of Khronos know, by their manuals.
        static let ofDebian: Set = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"]
        static let ofKhronos: Set = ["OCL_ICD_VENDORS", "OCL_ICD_FILENAMES"]

        func path(_ path: String) -> String { root.path + "/" + path }
    }

    private func withLayout(_ body: (Layout) throws -> Void) throws {
        try withTemporaryDirectory { try body(Layout(root: $0)) }
    }

    /// What the loader is given: the first lines of the .icd files in their order.
    private func offered(_ discovery: DriverDiscovery) throws -> [String]? {
        guard let folder = discovery.makeFolder() else { return nil }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { file in
            #expect(file.hasSuffix(".icd"))
            return try String(contentsOfFile: folder + "/" + file, encoding: .utf8).trimmingCharacters(in: .newlines)
        }
    }

    enum Vendors: CaseIterable { case missing, empty }

    @Test(
        arguments: [
            "usr/local/nvidia/lib64", "usr/local/nvidia/lib", "usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/nvidia/current",
            "usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib64/nvidia", "usr/lib/wsl/lib", "run/opengl-driver/lib",
        ], Vendors.allCases)
    func aDriverThatNoFileNamesIsFound(folder: String, vendors: Vendors) throws {
        try withLayout { layout in
            try layout.put("\(folder)/\(Self.name)")
            if vendors == .empty {
                try FileManager.default.createDirectory(atPath: layout.path("etc/OpenCL/vendors"), withIntermediateDirectories: true)
            }
            let discovery = layout.discovery()
            #expect(discovery.library == layout.path("\(folder)/\(Self.name)") && discovery.libraryPath == nil)
            #expect(try offered(discovery) == [layout.path("\(folder)/\(Self.name)")])
        }
    }

    @Test func otherDriversStay() throws {
        try withLayout { layout in
            try layout.put("usr/local/nvidia/lib64/\(Self.name)")
            try layout.put("etc/OpenCL/vendors/pocl.icd", "libpocl.so.2.10.0\n")
            try layout.put("etc/OpenCL/vendors/intel.icd", "/opt/intel/libintelocl.so")
            try layout.put("etc/OpenCL/vendors/empty.icd")
            try layout.put("etc/OpenCL/vendors/notes.txt", "libother.so")
            let expected = ["/opt/intel/libintelocl.so", "libpocl.so.2.10.0", layout.path("usr/local/nvidia/lib64/\(Self.name)")]
            #expect(try offered(layout.discovery()) == expected)
        }
    }

    @Test func aDriverThatAFileNamesIsLeftToTheLoader() throws {
        try withLayout { layout in
            try layout.put("usr/lib/x86_64-linux-gnu/\(Self.name)")
            try layout.put("etc/OpenCL/vendors/nvidia.icd", Self.name)
            #expect(layout.discovery(loads: [Self.name: "/driver"]).library == nil)
            try layout.put("etc/OpenCL/vendors/nvidia.icd", layout.path("usr/lib/x86_64-linux-gnu/\(Self.name)"))
            #expect(try offered(layout.discovery()) == nil)
        }
    }

    /// A file that came with an image, for a driver that the host put elsewhere.
    @Test(arguments: [name, "/usr/lib/gone/libnvidia-opencl.so.535.1"]) func aFileThatNamesWhatIsNotThereIsReplaced(named: String) throws {
        try withLayout { layout in
            try layout.put("usr/local/nvidia/lib64/\(Self.name)")
            try layout.put("etc/OpenCL/vendors/nvidia.icd", named)
            #expect(try offered(layout.discovery()) == [layout.path("usr/local/nvidia/lib64/\(Self.name)")])
        }
    }

    @Test func foldersThatTheUserNamesComeFirst() throws {
        try withLayout { layout in
            try layout.put("usr/local/nvidia/lib64/\(Self.name)")
            try layout.put("mine/\(Self.name)")
            let path = "relative::\(layout.path("none")):\(layout.path("mine"))"
            #expect(layout.discovery(["LD_LIBRARY_PATH": path]).library == layout.path("mine/\(Self.name)"))
        }
    }

    @Test(arguments: ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"]) func whatTheUserDecidedStays(variable: String) throws {
        try withLayout { layout in
            try layout.put("usr/local/nvidia/lib64/\(Self.name)")
            try layout.put("usr/local/nvidia/lib64/libcuda.so.1")
            let decided = layout.discovery([variable: "/elsewhere"])
            #expect(decided.library == nil && decided.libraryPath == nil)
            // An empty variable is no wish, and one that the loader does not know is none that it could heed.
            #expect(layout.discovery([variable: ""]).library != nil)
            #expect(layout.discovery([variable: "/elsewhere"], reads: []).library != nil)
        }
    }

    /// The file system of a host with both loaders' settings: the driver in the process's path, a variable for the loader of Khronos, and a
    /// file for PoCL alone.
    private func withTwoLoadersSettings(_ body: (Layout, [String: String], [String: String]) throws -> Void) throws {
        try withLayout { layout in
            try layout.put("usr/local/nvidia/lib64/\(Self.name)")
            try layout.put("etc/OpenCL/vendors/pocl.icd", "/usr/lib/libpocl.so.2.10.0")
            let environment = [
                "OCL_ICD_FILENAMES": "libpocl.so.2:\(Self.name)", "LD_LIBRARY_PATH": layout.path("usr/local/nvidia/lib64"),
            ]
            let loads = [
                "/usr/lib/libpocl.so.2.10.0": "/pocl", "libpocl.so.2": "/pocl", Self.name: "/driver",
                layout.path("usr/local/nvidia/lib64/\(Self.name)"): "/driver",
            ]
            try body(layout, environment, loads)
        }
    }

    /// A loader that does not know the variable is given what it names, and no library twice.
    @Test func aListForAnotherLoaderIsOffered() throws {
        try withTwoLoadersSettings { layout, environment, loads in
            let discovery = layout.discovery(environment, loads: loads), given = try offered(discovery)
            #expect(discovery.library == nil && discovery.libraryPath == nil && discovery.listed == [Self.name])
            #expect(given == ["/usr/lib/libpocl.so.2.10.0", Self.name])
            // Without a driver of NVIDIA's as well.
            let other = layout.discovery(["OCL_ICD_FILENAMES": "libmine.so:libgone.so:libmine.so"], loads: ["libmine.so": "/mine"])
            #expect(other.listed == ["libmine.so"])
            // A driver in the list that cannot be loaded by its name is found where it lies.
            let lying = try offered(layout.discovery(["OCL_ICD_FILENAMES": Self.name]))
            #expect(lying?.last == layout.path("usr/local/nvidia/lib64/\(Self.name)"))
            // Where a folder was decided on, the loader is left alone.
            let decided = environment.merging(["OCL_ICD_VENDORS": "/mine"]) { $1 },
                alone = try offered(layout.discovery(decided, loads: loads))
            #expect(alone == nil)
        }
    }

    /// The loader that knows the variable finds what it names by itself.
    @Test func aListForThisLoaderIsLeftToIt() throws {
        try withTwoLoadersSettings { layout, environment, loads in
            let discovery = layout.discovery(environment, loads: loads, reads: Layout.ofKhronos), given = try offered(discovery)
            #expect(discovery.library == nil && discovery.listed.isEmpty && given == nil)
            // Only of PoCL is it told: the driver is offered, and nothing else appears beside what the folder has.
            let pocl = try offered(layout.discovery(["OCL_ICD_FILENAMES": "libpocl.so.2"], loads: loads, reads: Layout.ofKhronos))
            #expect(pocl == ["/usr/lib/libpocl.so.2.10.0", layout.path("usr/local/nvidia/lib64/\(Self.name)")])
        }
    }

    /// A loader's file names the variables that it reads.
    @Test func theFileOfALoaderTellsWhatItReads() throws {
        try withLayout { layout in
            try layout.put("khronos.so", "\0OCL_ICD_VENDORS\0OCL_ICD_FILENAMES\0")
            try layout.put("debian.so", "\0OCL_ICD_VENDORS\0OPENCL_VENDOR_PATH\0")
            try layout.put("wrapper.so", "OCL_ICD_FILENAMES")
            let all = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH", "OCL_ICD_FILENAMES"]
            func read(_ file: String) -> [Bool] { all.map(LoaderVariables(file: layout.path(file)).reads) }
            #expect(read("khronos.so") == [true, false, true])
            #expect(read("debian.so") == [true, true, false])
            for unknown in ["wrapper.so", "gone.so"] { #expect(read(unknown) == [true, true, false], "\(unknown)") }
        }
        #expect(LoaderVariables.current.reads("OCL_ICD_VENDORS"))
    }

    @Test func withoutADriverNothingIsDone() throws {
        try withLayout { layout in
            try layout.put("etc/OpenCL/vendors/nvidia.icd", Self.name)
            try layout.put("usr/lib/x86_64-linux-gnu/libOpenCL.so.1")
            let discovery = layout.discovery()
            #expect(discovery.library == nil && discovery.libraryPath == nil && discovery.makeFolder() == nil)
        }
    }

    @Test func theDriversOtherLibrariesAreMadeReachable() throws {
        try withLayout { layout in
            let folder = "usr/local/nvidia/lib64"
            try layout.put("\(folder)/\(Self.name)")
            try layout.put("\(folder)/libcuda.so.1")
            #expect(layout.discovery().libraryPath == layout.path(folder))
            #expect(layout.discovery(["LD_LIBRARY_PATH": "/a:/b"]).libraryPath == "/a:/b:" + layout.path(folder))
            // A process that was started anew is not started again.
            #expect(layout.discovery(["LD_LIBRARY_PATH": "/a:" + layout.path(folder)]).libraryPath == nil)
            #expect(layout.discovery(loads: ["libcuda.so.1": "/cuda"]).libraryPath == nil)
            // Also where a file names the driver.
            try layout.put("etc/OpenCL/vendors/nvidia.icd", layout.path("\(folder)/\(Self.name)"))
            #expect(layout.discovery().library == nil && layout.discovery().libraryPath == layout.path(folder))
        }
    }

    @Test func aDriverThatOffersNoDeviceIsNamed() throws {
        try withLayout { layout in
            try layout.put("usr/lib64/\(Self.name)", "no library at all")
            let text = InstalledDrivers.absence(
                environment: ["OCL_ICD_VENDORS": layout.path("none")], storage: ProgramStorage(folder: "/f", note: nil),
                discovery: layout.discovery())
            #expect(text.contains("no file names \(layout.path("usr/lib64/\(Self.name)")), which cannot be loaded"), "\(text)")
        }
    }
}
