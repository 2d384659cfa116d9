import ArgumentParser
import Arrays
import Runs

/// The steps at which a training's tangent kernel is measured.
struct KernelSteps: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Measure the tangent kernel Θ during the training too: every N, all, ends, or steps such as 0,10,100; the first and the last "
                + "always. Writes kernels.npz, kernels.csv and kernels.svg, .png and .pdf.", valueName: "steps"))
    var kernels: [String] = []

    func validate() throws {
        _ = try selection
    }

    /// The steps; nil without the option.
    /// - Throws: `ValidationError`.
    var selection: StepSelection? {
        get throws {
            guard !kernels.isEmpty else { return nil }
            let words = kernels.joined(separator: " ").split { " ,".contains($0) }.map(String.init)
            if let steps = StepSelection(words: words) { return steps }
            let listed = words.compactMap { Int($0) }.filter { $0 >= 0 }
            if listed.count == words.count, !listed.isEmpty { return .at(Set(listed).sorted()) }
            let limit = "but must be every N with N ≥ 1, all, ends, or steps from 0 such as 0,10,100"
            var remedy = ""
            if words.count > 1, let last = words.last, Int(last) == nil {
                remedy = "; it takes all words to the next option: write a file before it, \(Excerpt.of(last)) --kernels …"
            }
            throw ValidationError("--kernels is '\(Excerpt.of(kernels.joined(separator: " ")))', \(limit)\(remedy).")
        }
    }

    /// Refuses a step that the training does not reach.
    /// - Throws: `ValidationError`.
    static func check(_ selection: StepSelection, steps: Int) throws {
        if let problem = selection.refusal("--kernels", upTo: Double(steps)) { throw ValidationError(problem + ".") }
    }

    var parameters: [String: String] { kernels.isEmpty ? [:] : ["kernels": kernels.joined(separator: " ")] }
}
