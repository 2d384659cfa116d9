import Checks
import Compute
import Engines
import Foundation
import OpenCL
import TestSupport
import Testing

/// A second family is one file and one registration: ``SquaresFamily`` touches no shared type, and is listed, searched, remembered and timed.
@Suite struct KernelFamilyTests {
    private let family = SquaresFamily()
    private let device: Device

    init() throws {
        device = try #require(try Device.select("opencl", environment: ProcessInfo.processInfo.environment), "install pocl-opencl-icd")
    }

    private func store(_ folder: URL) -> TuningStore {
        TuningStore(directory: folder, device: device, precision: .float32, kernels: family.tunables)
    }

    /// Variants are timed beside the portable one, and one that computes something else is left out.
    @Test func kernelsAreSearched() throws {
        let tuner = KernelTuner([family], context: try Context(device: device, cache: nil), precision: .float32)
        let outcome = try tuner.tune(SquaresFamily.squares, seconds: 20)
        #expect(outcome.portable["piece"] == 4 && outcome.portable["itemsPerUnit"] != nil)
        #expect([.tuned, .portable].contains(outcome.verdict) && outcome.isComplete && outcome.timed >= 2)
        #expect(outcome.excluded.contains { $0.parameters["piece"] == 64 && $0.reason.hasPrefix("wrong") })
        #expect(outcome.excluded.allSatisfy { $0.parameters["piece"] == 64 } && outcome.found["piece"] != 64)
        let other = try KernelTuner([], context: tuner.context, precision: .float32).tune(SquaresFamily.squares, seconds: 1)
        #expect(other.verdict == .unused)
    }

    /// What was found is kept beside the programs, and used.
    @Test func rowsAreRemembered() throws {
        let temporary = try TemporaryFolder(), folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        try store(folder).save(
            .init(SquaresFamily.squares, parameters: ["piece": 2], ratio: 0.5, version: "0"), for: SquaresFamily.squares)
        #expect(store(folder).load().table == TuningTable([SquaresFamily.squares: ["piece": 2]]))
        let context = try Context(device: device, cache: ProgramCache(directory: folder))
        let state = TuningState(family.tunables, context: context, precision: .float32, environment: [:])
        #expect(state.warnings.isEmpty && "\(state)".hasSuffix(": squares") && state.digest != nil)
        #expect(state["squares"]?[SquaresFamily.piece] == 2)
        let batch = try SquaresFamily.SquaresBatch(context, .float32, state)
        #expect(SquaresFamily.expected(.float32).compare(try batch.run()).isWithinBound)
        // A family that does not have the kernel finds nothing there.
        #expect(TuningState([], context: context, precision: .float32, environment: [:]).digest == nil)
    }

    @Test func limitsAreItsOwn() throws {
        for (piece, isAllowed) in [(1, true), (256, true), (3, false), (512, false), (0, false)] {
            let table = TuningTable([SquaresFamily.squares: ["piece": piece]])
            if isAllowed {
                try table.validate(on: device, precision: .float32)
            } else {
                let error = #expect(throws: TuningError.self) { try table.validate(on: device, precision: .float32) }
                #expect(error?.description == "piece of squares is \(piece), but must be a power of two from 1 to 256")
            }
        }
    }

    @Test func stagesAreTimed() throws {
        let context = try Context(device: device, cache: nil)
        let work = try family.work(family.stages, KernelDevice(context: context, precision: .float32))
        let ceiling = DeviceCeiling(float32Rate: 1e11, float64Rate: nil, bandwidth: 1e10)
        let measured = try work.flatMap { try $0.measure(repeats: 3, ceiling: ceiling) }
        #expect(measured.map(\.stage.name) == ["square", "whole"])
        let numbers = Double(SquaresFamily.count * SquaresFamily.members)
        for one in measured {
            #expect(one.minimumSeconds > 1e-9 && one.unit == "numbers/s")
            #expect(abs(one.rate * one.medianSeconds / numbers - 1) < 1e-12)
            // 8 bytes of every number at 10¹⁰ a second.
            #expect(abs(one.floorSeconds / (8e-10 * numbers) - 1) < 1e-12)
        }
        #expect(measured[0].hostMedianSeconds == nil && measured[1].hostMedianSeconds != nil)
        #expect(measured[1].medianSeconds > measured[0].medianSeconds)
        let document = try JSONSerialization.jsonObject(with: JSONEncoder().encode(measured[0])) as? [String: Any]
        #expect(document?["stage"] as? String == "square")
    }

    /// The doctor and benchmarks know families by their list alone.
    @Test func itIsCheckedAndTimedBesideOthers() throws {
        let engine = try OpenCLEngine(context: Context(device: device, cache: nil), precision: .float32, tuning: .portable)
        let doctor = try Doctor([(engine, .usual)], families: [family]), report = try doctor.run()
        #expect(doctor.count == 1 && report.passed == 1 && report.findings[0].result.name == "squares")
        let ceiling = DeviceCeiling(float32Rate: 1e11, float64Rate: nil, bandwidth: 1e10)
        let measured = try KernelBenchmark(engine).measure(
            BenchmarkTests.tiny, [SquaresFamily.whole, .forward, SquaresFamily.square], of: KernelFamilies.all + [family], repeats: 1,
            ceiling: ceiling)
        #expect(measured.map(\.stage.name) == ["whole", "forward", "square"])
        let names = KernelFamilies.all.map(\.name) + [family.name]
        #expect(Set(names).count == names.count)
        #expect(Set(KernelFamilies.stages.map(\.name)).count == KernelFamilies.stages.count)
        #expect(Set(KernelFamilies.tunables.map(\.name)).count == KernelFamilies.tunables.count)
    }
}
