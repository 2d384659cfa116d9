import Arrays
import Foundation
import OpenCL
import TestSupport
import Testing

/// What the command makes of a driver's own files, which are input as well. PoCL's: other drivers keep none, or do not say where.
@Suite(.enabled(if: Device.all.first?.keepsPrograms == true)) struct DriverTests {
    /// A small network's tangent kernel by Jacobians, which takes five kernels, on the best OpenCL device.
    private func tangentKernel(_ folder: TemporaryFolder, cache: String, points: Int? = nil, _ options: [String] = []) throws -> Command {
        var network = SmallNetwork()
        if let points { network.points = try .init(shape: [points, 2], elements: (0..<2 * points).map { Double($0) / 8 }) }
        return try Command.run(
            Array(try network.command(in: folder).dropLast(2)) + ["--device", "opencl", "--method", "jacobian", "--force"] + options,
            environment: ["POCL_CACHE_DIR": cache, "INFLATON_CACHE": folder.file("inflaton")])
    }

    private func files(_ cache: String, named suffix: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: cache)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(suffix) }.map { cache + "/" + $0 }
    }

    /// PoCL compiles a kernel anew for each size of its work-groups, and once more if it is asked for a program's binary.
    @Test func everyKernelIsCompiledOnceWhateverTheShape() throws {
        try TemporaryFolder.with { folder in
            let cache = folder.file("pocl")
            let run = try tangentKernel(folder, cache: cache, points: 5, ["--json"])
            #expect(run.status == 0, "\(run.errors)")
            // Whoever waits is told why, and once, also where a program reads the rest.
            let said = run.errors.split(separator: "\n").filter { $0.contains("compiling kernels for ") }
            #expect(
                said.count == 1 && said.allSatisfy { $0.hasSuffix("kept in \(cache) for the next network of this shape") }, "\(run.errors)")
            // Points in one panel of eight, and in two, are different tiles.
            #expect(try tangentKernel(folder, cache: cache, points: 13).status == 0)
            let first = Set(files(cache, named: ".so"))
            // program/kernel/size/kernel.so
            let kernels = first.map { $0.split(separator: "/").dropLast(2).joined(separator: "/") }
            #expect(first.count >= 5 && Set(kernels).count == first.count, "\(first)")
            for points in [6, 7, 14, 16] { #expect(try tangentKernel(folder, cache: cache, points: points).status == 0) }
            #expect(Set(files(cache, named: ".so")) == first)
        }
    }

    enum Damage: CaseIterable { case objectCut, objectEmpty, objectNoise, programCut, programEmpty }

    @Test func aDamagedCacheIsNamed() throws {
        try TemporaryFolder.with { folder in
            // What is damaged are copies: compiling takes most of the time.
            let sound = folder.file("sound")
            #expect(try tangentKernel(folder, cache: sound).status == 0)
            for damage in Damage.allCases {
                let cache = folder.file("pocl-\(damage)")
                try FileManager.default.copyItem(atPath: sound, toPath: cache)
                let damaged = files(cache, named: [.objectCut, .objectEmpty, .objectNoise].contains(damage) ? ".so" : "program.bc")
                #expect(!damaged.isEmpty)
                for path in damaged {
                    switch damage {
                    case .objectCut, .programCut: #expect(truncate(path, 1000) == 0)
                    case .objectEmpty, .programEmpty: #expect(truncate(path, 0) == 0)
                    case .objectNoise: try Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 73) }).write(to: URL(filePath: path))
                    }
                }
                let run = try tangentKernel(folder, cache: cache, ["--json"])
                #expect(run.status == 1, "\(damage): \(run.status) \(run.errors)")
                #expect(run.errors.contains("PoCL's cache of compiled kernels, \(cache),") && run.errors.contains("remove that folder"))
                let document = try #require(try run.json()["error"] as? [String: Any])
                #expect((document["message"] as? String)?.contains(cache) == true)
            }
            // And what it says to do helps.
            let cache = folder.file("pocl-\(Damage.objectCut)")
            try FileManager.default.removeItem(atPath: cache)
            #expect(try tangentKernel(folder, cache: cache).status == 0)
        }
    }

    @Test func aCacheThatCannotBeMadeIsReplacedAndNamed() throws {
        try TemporaryFolder.with { folder in
            let file = folder.file("file")
            try Data().write(to: URL(filePath: file))
            let run = try tangentKernel(folder, cache: file + "/below", ["--json"])
            #expect(run.status == 0 && run.errors.contains("\(file)/below cannot be made"), "\(run.errors)")
            let engine = try run.json()["engine"] as? [String: String]
            #expect(engine?["name"] == "opencl")
        }
    }

    @Test func aDriverThatCannotBeLoadedIsNotSaidToBeMissing() throws {
        try TemporaryFolder.with { folder in
            try Data("libnosuchdriver.so.1\n".utf8).write(to: URL(filePath: folder.file("a.icd")))
            let arguments = Array(try SmallNetwork().command(in: folder).dropLast(2))
            let run = try Command.run(arguments, environment: ["OCL_ICD_VENDORS": folder.path])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("a.icd names libnosuchdriver.so.1, which cannot be loaded"))
            #expect(!run.errors.contains("no OpenCL driver was found") && !run.errors.contains("install pocl"))
            let asked = try Command.run(arguments + ["--force", "--device", "gpu"], environment: ["OCL_ICD_VENDORS": folder.path])
            #expect(asked.status == 69 && asked.errors.contains("libnosuchdriver.so.1"))
        }
    }
}
