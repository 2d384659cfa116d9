import Foundation
import OpenCL
import Testing

/// The command in containers whose GPU driver no file names, PoCL in the driver's place. Takes file systems of its own, which only some
/// users may mount.
@Suite(.enabled(if: canMount && Device.all.first?.keepsPrograms == true)) struct DriverDiscoveryCommandTests {
    enum Vendors: CaseIterable { case missing, empty, another, stale }

    @Test(arguments: Vendors.allCases) func aDriverThatNoFileNamesIsUsed(vendors: Vendors) throws {
        let run = try doctor(in: vendors, neighbour: false)
        #expect(run.status == 0 && run.output.split(separator: "\n").count { $0.hasPrefix("device ") } == vendors.devices, "\(run)")
        #expect(run.errors == "")
    }

    /// The system's loader reads its path when a process starts, so the command starts anew.
    @Test func theDriversOtherLibrariesAreReached() throws {
        let run = try doctor(in: .empty, neighbour: true)
        #expect(run.status == 0 && run.output.contains("device 0"), "\(run)")
        let searches = run.errors.split(separator: "\n").filter { $0.hasSuffix("(LD_LIBRARY_PATH)") }
        #expect(searches.contains { $0.contains("/run/opengl-driver/lib") }, "\(run.errors)")
    }

    @Test func whatTheUserDecidedStays() throws {
        let run = try doctor(in: .missing, neighbour: false, environment: Command.withoutDrivers)
        #expect(run.status == 0 && !run.output.contains("device 0") && run.errors.contains("no OpenCL driver was found"), "\(run)")
    }

    @Test func aDriverThatCannotBeLoadedIsNamedBesideWhatThereIs() throws {
        let run = try doctor(
            in: .another, neighbour: false, ["--device", "nvidia"], setUp: "rm libnvidia-opencl.so.1; echo >libnvidia-opencl.so.1")
        #expect(run.status == 69 && run.errors.contains("no OpenCL device 'nvidia'; there are\n  0: "), "\(run)")
        #expect(run.errors.contains("/run/opengl-driver/lib/libnvidia-opencl.so.1, which cannot be loaded"), "\(run)")
    }

    /// `inflaton doctor --dry-run` where /run and /etc/OpenCL hold nothing but what is put there.
    private func doctor(
        in vendors: Vendors, neighbour: Bool, _ arguments: [String] = [], environment: [String: String] = [:], setUp: String = ""
    ) throws -> Command {
        let libraries = try #require(Self.poclFolder), pocl = try #require(Self.poclLibrary)
        var script = """
            set -e
            mount -t tmpfs none /run
            mount -t tmpfs none /etc/OpenCL
            mkdir -p /run/opengl-driver/lib
            cd /run/opengl-driver/lib
            ln -s \(libraries)/\(pocl) libnvidia-opencl.so.1
            ln -s \(libraries)/pocl pocl

            """
        if vendors != .missing { script += "mkdir /etc/OpenCL/vendors\n" }
        if vendors == .another { script += "echo \(pocl) >/etc/OpenCL/vendors/pocl.icd\n" }
        if vendors == .stale { script += "echo libnvidia-opencl.so.1 >/etc/OpenCL/vendors/nvidia.icd\n" }
        if neighbour { script += "ln -s \(libraries)/\(pocl) libcuda.so.1\nexport LD_DEBUG=libs\n" }
        script += setUp + "\nexec \"$@\""
        return try Command.run(
            ["doctor", "--dry-run"] + arguments, environment: environment, through: ["unshare", "--mount", "sh", "-c", script, "sh"])
    }

    private static let poclLibrary = poclFile.map { URL(filePath: $0).lastPathComponent }
    private static let poclFolder = poclFile.map { URL(filePath: $0).deletingLastPathComponent().path }

    /// PoCL's library as it is loaded in this process, which has looked for devices.
    private static let poclFile: String? = {
        guard let maps = try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd() else { return nil }
        return String(decoding: maps, as: UTF8.self).split(separator: "\n").lazy.compactMap {
            $0.split(separator: " ").last.map(String.init)
        }
        .first { $0.contains("/libpocl.so") }
    }()
}

extension DriverDiscoveryCommandTests.Vendors {
    /// PoCL answers under each of its names.
    var devices: Int { self == .another ? 2 : 1 }
}

private let canMount: Bool = {
    let unshare = Process()
    unshare.executableURL = URL(filePath: "/usr/bin/env")
    unshare.arguments = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/run"]
    unshare.standardError = FileHandle.nullDevice
    guard (try? unshare.run()) != nil else { return false }
    unshare.waitUntilExit()
    return unshare.terminationStatus == 0
}()
