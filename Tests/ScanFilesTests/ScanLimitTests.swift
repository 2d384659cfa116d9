import Engines
import Foundation
import Runs
import ScanFiles
import TestSupport
import Testing

/// Files that ask for too much: refused before anything of that size is made, with the limit and the remedy.
@Suite struct ScanLimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let message: String
        var testDescription: String { name }
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map(line).joined(separator: "\n") }

    /// Nine levels of ten aliases: a billion ones.
    private static let laughs =
        "x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n"
        + lines(9) { level in
            "x\(level + 1): &x\(level + 1) [" + Array(repeating: "*x\(level)", count: 10).joined(separator: ",") + "]"
        }

    static let cases = [
        Case(name: "aliases as a key", text: laughs + "\n? *x8\n: 1", message: "more than 1000000 values"),
        Case(name: "aliases as a value", text: laughs + "\nsigmaW: *x8", message: "each alias counted as what it stands for"),
        Case(name: "a list as a key", text: "? [1, 2]\n: 3", message: "a key must be a word"),
        Case(name: "an alias of nothing", text: "sigmaW: *x", message: "*x stands for nothing"),
        Case(
            name: "brackets", text: "sigmaW: " + String(repeating: "[", count: 10_000), message: "within each other more than 32 deep"),
        Case(name: "nested keys", text: String(repeating: "{a: ", count: 100), message: "within each other more than 32 deep"),
        Case(name: "nested dashes", text: String(repeating: "- ", count: 100), message: "within each other more than 32 deep"),
        Case(name: "many keys", text: lines(1001) { "let a\($0): 1" }, message: "has 1001 keys, but may have 1000"),
        Case(
            name: "many keys in together", text: "together: [[{" + (0..<1001).map { "let a\($0): 1" }.joined(separator: ", ") + "}]]",
            message: "more than 1000 keys"),
        Case(name: "many scans", text: lines(1001) { _ in "---\nwidth: 1" }, message: "more than 1000 scans"),
        Case(
            name: "a chain", text: "let a0: 1\n" + lines(200) { "let a\($0 + 1): a\($0) + 1" } + "\nsigmaW: a200",
            message: "a chain of 101 keys, but at most 100"),
        Case(
            name: "a ring", text: lines(900) { "let a\($0): a\(($0 + 1) % 900)" } + "\nsigmaW: a0", message: "… (901 in all)"),
        Case(
            name: "a long expression", text: "sigmaW: " + Array(repeating: "1", count: 5001).joined(separator: "+"),
            message: "has 10001 characters, but must have at most 10000"),
        Case(
            name: "parentheses", text: "sigmaW: " + String(repeating: "(", count: 4000) + "1" + String(repeating: ")", count: 4000),
            message: "at most 100 levels"),
        Case(
            name: "many filters", text: "where: [" + Array(repeating: "1", count: 1001).joined(separator: ",") + "]",
            message: "may have 1000"),
        Case(
            name: "many directives", text: lines(101) { "%TAG !a\($0)! tag:x" } + "\n---\nwidth: 1", message: "lines that begin with %"),
        Case(name: "layers", text: "width: 2\ndepth: 100001", message: "depth is 100001, but must be at most 100000"),
        Case(
            name: "widths", text: "widths: [" + Array(repeating: "2", count: 100_001).joined(separator: ",") + "]",
            message: "widths is a list of 100001, but must be of at most 100000"),
        Case(
            name: "a step that is not reached", text: "learningRate: 1\nsteps: [5, 10]\nrecord: {trajectory: [0, 8, 11]}",
            message: "record.trajectory has the step 11, but no run has more than 10 steps; remove it, or train for longer"),
        Case(
            name: "a kernel that is not reached",
            text: "learningRate: 1\nsteps: {from: 4, to: 9, step: 5}\nrecord: {kernels: [10]}",
            message: "record.kernels has the step 10, but no run has more than 9 steps"),
        Case(
            name: "kernels", text: "learningRate: 1\nsteps: 10000000\nrecord: {kernels: every 1}",
            message: "record.kernels takes 10000001 of 10000000 steps, but a run may record at most 1000000; use every 11"),
        Case(
            name: "predictions at every step", text: "learningRate: 1\nsteps: 20000000\nrecord: {predictions: [paper]}",
            message: "record.trajectory takes 20000001 of 20000000 steps, all for record.predictions"),
    ]

    @Test(arguments: cases) func limits(_ expected: Case) throws {
        let found = try #require(problem(expected.text))
        #expect(found.contains(expected.message), "\(found)")
        #expect(found.count < 1200 && !found.unicodeScalars.contains { $0.value < 32 }, "\(found.count)")
    }

    /// Sizes that no machine of 1 GiB has, in every way to write them.
    @Test(arguments: [
        ("depth: 2147483647", 1, "depth: a run (most of all 2147483647 hidden layers) needs 512 GiB = 549755813976 bytes"),
        ("width: 3\ndepth: [1, 1000000000]", 2, "depth: a run"), ("together: [[{depth: 1}, {depth: 1000000000}]]", 1, "depth: a run"),
        ("let d: 1000000000\ndepth: d", 2, "depth: a run"), ("depth: {from: 1, to: 1000000000, count: 1000}", 1, "depth: a run"),
        ("inputs: {interval: {count: 2147483647, from: 0, to: 1}}", 1, "inputs: a run"),
        ("let a: 0\ninputs: {interval: {count: 2147483647, from: a, to: 1}}", 2, "inputs: a run"),
        ("inputs: {circle: {count: 50000000}}\nrecord: {kernels: none}", 1, "inputs: a run (most of all 50000000 points) needs"),
        ("inputs: [{points: [1]}, {circle: {count: 50000000}}]", 1, "inputs: a run"),
        ("inputs: {circle: {count: 10000}}", 1, "the tangent kernel of 10000 rows"),
        ("outputs: 100000", 1, "the tangent kernel of 100000 rows"),
        ("outputs: 2147483647\nwidth: 1\ninputs: {interval: {count: 2147483647, from: 0, to: 1}}", 3, "needs more than 9e18 bytes"),
        ("learningRate: 0.01\nsteps: 1000000000\nrecord: {trajectory: all}", 3, "record: a run (most of all outputs of 1 row "),
        ("learningRate: 0.01\nsteps: 1000000000\nrecord: {trajectory: every 2}", 3, "record fewer steps"),
        ("learningRate: 0.01\nsteps: 1000000000\nrecord: {predictions: [paper]}", 3, "record: a run"),
        ("learningRate: 0.01\nsteps: 1000000000\nrecord: {kernels: every 3}", 3, "record fewer kernels"),
    ]) func sizesAreRefused(_ text: String, _ line: Int, _ message: String) throws {
        let error = try #require(throws: ScanFileError.self) {
            try ScanFile(text: text, source: "scan.yaml", availableBytes: 1 << 30)
        }
        #expect(error.line == line && error.problem.contains(message), "\(error)")
        #expect(error.problem.contains("but 1 GiB = 1073741824 bytes are available; "), "\(error)")
    }

    /// Some runs reach a step that others do not, and what is computed is known only later.
    @Test(arguments: ["[5, 10]", "{from: 2, to: 12, count: 3}", "replica + 1"]) func stepsThatARunReachesAreRecorded(_ steps: String) {
        #expect(problem("learningRate: 1\nsteps: \(steps)\nrecord: {trajectory: [0, 8]}") == nil)
    }

    /// A shape says that no run can be made of its points, so that they are not read: not one of these is a number.
    @Test func pointsThatDoNotFitAreNotRead() throws {
        let folder = try TemporaryFolder(), path = folder.file("x.npy")
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10000,), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + [UInt8](repeating: 0xFF, count: 80_000)
        try Data(bytes).write(to: URL(filePath: path))
        func problem(_ record: String) -> String {
            do {
                _ = try ScanFile(text: "inputs: {file: x.npy}\n" + record, folder: folder.path, availableBytes: 1 << 30)
                return ""
            } catch { return "\(error)" }
        }
        #expect(problem("").contains("inputs: a run (most of all the tangent kernel of 10000 rows) needs"), "\(problem(""))")
        #expect(problem("record: {kernels: none}").contains("not finite"), "\(problem("record: {kernels: none}"))")
    }

    /// What is refused at one size is made at another.
    @Test func whatFitsIsMade() throws {
        let text = "depth: 1000\nwidth: 2\ninputs: {circle: {count: 100}}"
        // 1001 layers of 256 bytes, 100 points of 16 bytes twice, 2 · … outputs and a kernel of 100² numbers three times.
        let bytes = 1001 * 256 + 100 * 2 * 8 * 2 + 1 * (100 + 2) * 8 * 3 + 100 * 100 * 8 * 3 + 24
        #expect(try ScanFile(text: text, availableBytes: bytes).count == 1)
        #expect(throws: ScanFileError.self) { try ScanFile(text: text, availableBytes: bytes - 1) }
    }

    /// Scans of a billion candidates are read, and looked at in part.
    @Test(arguments: [
        "width: 4\nseed: {count: 1000000000}", "width: 4\nsigmaW: {from: 0, to: 1, count: 1000000000}\nwhere: sigmaW < 0.5",
        "width: 4\nsigmaW: {draw: uniform, from: 0, to: 1}\nsamples: 1000000000",
    ]) func manyCandidatesAreLookedAtInPart(_ text: String) throws {
        let file = try ScanFile(text: text)
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let survey = try ScanSurvey(file, scheduler)
        #expect(survey.candidates == 1_000_000_000 && survey.examined >= 1 && survey.examined <= 2_000_000 && !survey.isComplete)
        // Of a million values of 12 digits two are equal every other time.
        #expect(survey.plan.runs + survey.plan.repeats + survey.plan.excluded == survey.examined)
        #expect(survey.plan.repeats <= 10)
        #expect(survey.hostMemory.bytes > 1_000_000_000 * 100)
    }

    @Test func fewCandidatesAreAllLookedAt() throws {
        let file = try ScanFile(text: "width: [3, 4]\nseed: {count: 20}\nwhere: width == 3 or replica < 5")
        let survey = try ScanSurvey(file, Scheduler(engine: ReferenceEngine(), store: MemoryStore()))
        #expect(survey.isComplete && survey.plan.runs == 25 && survey.plan.excluded == 15)
    }

    @Test func repeatsAreCounted() throws {
        let file = try ScanFile(text: "width: [3, 4, 3]\nseed: {count: 4}")
        let survey = try ScanSurvey(file, Scheduler(engine: ReferenceEngine(), store: MemoryStore()))
        #expect(survey.plan.runs == 8 && survey.plan.repeats == 4 && survey.examined == 12)
    }

    @Test func stepsAreCountedWithoutBeingMade() {
        for last in [0, 1, 2, 7, 10, 12] {
            for selection in [StepSelection.ends, .every(1), .every(3), .every(5), .every(100), .at([]), .at([0, 3, 3, 99])] {
                #expect(selection.count(upTo: last) == selection.steps(upTo: last).count, "\(selection) up to \(last)")
            }
        }
        #expect(StepSelection.every(1).count(upTo: 2_147_483_647) == 2_147_483_648)
    }
}
