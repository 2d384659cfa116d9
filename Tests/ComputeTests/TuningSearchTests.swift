import Compute
import Foundation
import Testing

/// A kernel that is only said to exist: its times and errors are functions of the parameters, and its clock is advanced by them.
private final class ImaginaryKernel: TuningSubject {
    var elapsed = 0.0
    var timedVariants: Set<[String: Int]> = []
    let compileSeconds: Double
    let noise: Double
    let time: ([String: Int]) -> Double
    let error: ([String: Int], Bool) throws -> Double
    private var state: UInt64

    init(
        compileSeconds: Double = 0.5, noise: Double = 0, seed: UInt64 = 1, time: @escaping ([String: Int]) -> Double,
        error: @escaping ([String: Int], Bool) throws -> Double = { _, _ in 0.5 }
    ) {
        self.compileSeconds = compileSeconds
        self.noise = noise
        self.time = time
        self.error = error
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    func refusal(of values: [String: Int]) -> String? { values["tile"] == 32 ? "no such tile" : nil }

    func deviation(of values: [String: Int], thorough: Bool) throws -> Deviation {
        elapsed += compileSeconds
        let ratio = try error(values, thorough)
        return Deviation(measured: ratio, bound: 1, ratio: ratio.isNaN ? .infinity : ratio, scale: 1, index: 0)
    }

    func seconds(of values: [String: Int]) throws -> [Double] {
        timedVariants.insert(values)
        let times = (0..<2).map { _ in time(values) * exp(noise * normal()) }
        elapsed += times.reduce(0, +)
        return times
    }

    /// About normal: the sum of twelve uniform numbers.
    private func normal() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return sum + Double(state >> 11) * 0x1p-53
        }
    }
}

@Suite struct TuningSearchTests {
    private static let axes = [
        TuningAxis(TuningParameter("tile", 4), [2, 4, 8, 16, 32]), TuningAxis(TuningParameter("block", 16), [16, 64, 256]),
    ]
    private static let portable = ["tile": 4, "block": 16]
    private static let kernel = TunableKernel("imaginary") { _ in axes }

    private func search(_ subject: any TuningSubject, budget: Double = 1000) throws -> TuningOutcome {
        try TuningSearch(Self.kernel, axes: Self.axes, portable: Self.portable, subject: subject, budget: budget).run()
    }

    /// A valley: 10 ms at tile 8 and block 256, longer by a fifth for every factor of two away from it.
    private static func valley(_ values: [String: Int]) -> Double {
        0.01 * pow(1.2, abs(log2(Double(values["tile"]!) / 8)) + abs(log2(Double(values["block"]!) / 256)))
    }

    @Test func findsTheFastest() throws {
        let subject = ImaginaryKernel(noise: 0.02, time: Self.valley)
        let outcome = try search(subject)
        #expect(outcome.verdict == .tuned && outcome.isComplete && outcome.found == ["tile": 8, "block": 256])
        // One factor of two in the tile and four in the block. 15 turns, two times each of two shapes with 2 % of noise: standard error
        // of the median 1.25 · 2 % / √15 = 0.6 %.
        #expect(abs(outcome.ratio / pow(1.2, -5) - 1) < 0.03)
        #expect(!subject.timedVariants.contains { $0["tile"] == 32 })
        #expect(outcome.portable == Self.portable && outcome.changes == outcome.found)
        #expect(outcome.seconds == subject.elapsed)
    }

    /// The fastest variant is wrong: it is named, it is never timed, and the next best is found.
    @Test(arguments: [1.5, .infinity, .nan]) func wrongVariantsAreNeverTimed(error: Double) throws {
        let subject = ImaginaryKernel(time: Self.valley) { values, _ in values["tile"] == 8 ? error : 0.5 }
        let outcome = try search(subject)
        #expect(outcome.verdict == .tuned && outcome.found["tile"] != 8 && outcome.found["block"] == 256)
        #expect(!subject.timedVariants.contains { $0["tile"] == 8 })
        #expect(outcome.excluded.contains { $0.parameters["tile"] == 8 && $0.reason.hasPrefix("wrong") })
    }

    @Test func variantsThatCannotRunAreLeftOut() throws {
        struct Refused: Error {}
        let subject = ImaginaryKernel(time: Self.valley) { values, _ in
            if values["block"] == 256 { throw Refused() }
            return 0
        }
        let outcome = try search(subject)
        #expect(outcome.found == ["tile": 8, "block": 64])
        #expect(outcome.excluded.contains { $0.parameters["block"] == 256 && $0.reason.contains("Refused") })
    }

    /// A winner that is wrong at a shape that the search did not try is not taken.
    @Test func theWinnerIsCheckedOnAllShapes() throws {
        let subject = ImaginaryKernel(time: Self.valley) { values, thorough in thorough && values["block"] == 256 ? 2 : 0.5 }
        let outcome = try search(subject)
        #expect(outcome.verdict == .portable && outcome.found == Self.portable && outcome.ratio == 1)
        #expect(outcome.excluded.map(\.parameters) == [["tile": 8, "block": 256]])
    }

    @Test func aWrongPortableRowIsAFailure() throws {
        let subject = ImaginaryKernel(time: Self.valley) { _, _ in 3 }
        let outcome = try search(subject)
        #expect(outcome.verdict == .failed && subject.timedVariants.isEmpty && outcome.message?.contains("portable") ?? false)
    }

    /// Among variants that are equally fast nothing wins by noise: a variant passes three standard errors of nine turns by chance, and
    /// then again with fresh turns, in less than one of 10⁴ searches.
    @Test func noiseWinsNothing() throws {
        for seed in 1...60 {
            let outcome = try search(ImaginaryKernel(noise: 0.1, seed: UInt64(seed), time: { _ in 0.01 }))
            #expect(outcome.verdict == .portable && outcome.isComplete, "seed \(seed)")
        }
    }

    /// Compilation counts: the search ends in its time, but for a variant that was begun and the last check and measurement.
    @Test(arguments: [0.1, 5, 12, 20]) func endsInTime(budget: Double) throws {
        let subject = ImaginaryKernel(compileSeconds: 2, time: Self.valley)
        let outcome = try search(subject, budget: budget)
        #expect(!outcome.isComplete)
        // Nine turns of two variants, two shapes each, at most 10 ms · 1.2⁶ a time.
        let measurement = 18 * 2 * 0.01 * pow(1.2, 6)
        #expect(subject.elapsed < budget + 2 * (2 + measurement), "\(subject.elapsed)")
        #expect(outcome.verdict == (outcome.timed == 0 ? .undecided : outcome.changes.isEmpty ? .portable : .tuned))
        #expect((budget < 3) == (outcome.verdict == .undecided))
    }

    @Test func beginsWithWhatWasFoundBefore() throws {
        let subject = ImaginaryKernel(compileSeconds: 2, time: Self.valley), before = ["tile": 8, "block": 256]
        let search = TuningSearch(Self.kernel, axes: Self.axes, portable: Self.portable, subject: subject, budget: 9)
        let outcome = try search.run(from: before)
        #expect(!outcome.isComplete && outcome.verdict == .tuned && outcome.found == before)
    }

    @Test func stopsWhenTold() throws {
        struct Stopped: Error {}
        var calls = 0
        let search = TuningSearch(
            Self.kernel, axes: Self.axes, portable: Self.portable, subject: ImaginaryKernel(time: Self.valley), budget: 100,
            proceed: {
                calls += 1
                if calls == 30 { throw Stopped() }
            })
        #expect(throws: Stopped.self) { try search.run() }
        #expect(calls == 30)
    }
}
