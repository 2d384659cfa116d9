/// What stands below the help of each command, and in its man page: how it is called, and in which units its numbers are.
struct HelpExamples {
    /// Command lines, each with what it does.
    let examples: [(line: String, meaning: String)]
    /// The units; empty where there is nothing to say.
    let units: String

    /// Of a command; nil for those that are not listed.
    static func of(_ command: String) -> HelpExamples? { all[command] }

    /// What to append to a help that was asked for with those words.
    static func text(after words: [String]) -> String {
        let asked = words.first == "help" ? words.dropFirst() : words[...]
        return asked.first.flatMap { of($0) }.map { "\n\n" + $0.text } ?? ""
    }

    /// As the help shows them.
    var text: String {
        var lines = ["EXAMPLES:"]
        for example in examples { lines += ["  \(example.line)", "        \(example.meaning)"] }
        if !units.isEmpty { lines += ["", "UNITS:"] + Self.wrapped(units, width: 78).map { "  " + $0 } }
        return lines.joined(separator: "\n")
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        text.split(separator: " ").reduce(into: [""]) { lines, word in
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
    }

    private static let natural =
        "Outputs and losses are the network's own, without a unit; time is t = k√η after k steps of a learning rate η."
    private static let cosmic =
        "Natural ones: times, fields and H are pure numbers, with the reduced Planck mass M (--planck-mass, 1 unless stated) in the units of φ."
    private static let kernel = "Kernels are sums over parameters, not divided by the number of points or parameters."

    private static let all: [String: HelpExamples] = [
        "doctor": .init(
            examples: [
                ("inflaton doctor", "every device"), ("inflaton doctor --device pocl --precision float32", "one device in one precision"),
            ],
            units: "Memory is in KiB, MiB and GiB; with --json in bytes. An error is in the units of its bound."),
        "evolve": .init(
            examples: [
                ("inflaton evolve --learning-rate 0.01 --momentum 0.9 --steps 500 -o evolve", "a network of 512 units and its universe"),
                (
                    "inflaton evolve --optimiser friedmann --planck-mass 0.1 --learning-rate 0.0004 --steps 2000 --scale 0.5 -o universe",
                    "a network whose friction is 3H of its own energy: inflation, its end, oscillations"
                ),
                (
                    "inflaton evolve --weights W.npz --inputs X.npy --targets Y.npy --loss squared --activation gelu --parameterisation standard --kernels every 10 -o own",
                    "the kernel of your own network while it is trained"
                ),
            ], units: natural + " 3H and masses are in units of 1/√η."),
        "ntk": .init(
            examples: [
                (
                    "inflaton ntk W.npz X.npy --parameterisation standard --activation gelu -o OUT.npz",
                    "the tangent kernel of a network trained with PyTorch"
                ), ("inflaton ntk --infinite --depth 2 --activation relu X.npy -o OUT.npz", "the kernels of infinite width"),
            ], units: kernel),
        "predict": .init(
            examples: [
                (
                    "inflaton predict --infinite --depth 2 X.npy Y.npy NEW.npy --ridge 0.01 -o OUT.npz",
                    "mean and covariance of networks of infinite width on new points"
                )
            ], units: "Those of the targets; covariances in their squares. Time is ηK for K steps of gradient descent."),
        "advise": .init(
            examples: [
                ("inflaton advise --steps 500 -o advise", "η and γ for a network of 512 units"),
                ("inflaton advise --steps 500 --check -o advise", "the same beside a trained grid"),
            ], units: natural),
        "glossary": .init(examples: [("inflaton glossary travel", "one word"), ("inflaton glossary", "all of them")], units: ""),
        "universe": .init(
            examples: [
                ("inflaton universe --scale 0.5 --phi 16 --until 200 -o universe.csv", "inflation in V = φ²/2 with M = 1"),
                (
                    "inflaton universe --phi 16 --until 100 --clock e-folds --stop-at-epsilon 1 -o inflation.csv",
                    "the same by e-folds, to the end of inflation"
                ), ("inflaton universe --phi 16 --spectrum --pivot 55 -o spectrum.csv", "its power spectra, with A_s, n_s and r"),
            ], units: cosmic),
        "reproduce": .init(
            examples: [
                ("inflaton reproduce --quick", "every figure of the paper on a part of its grid"),
                ("inflaton reproduce --figure 1,3 --experiment friedmann -o figures", "two figures, and one experiment beyond the paper"),
            ], units: natural),
        "learning": .init(
            examples: [("inflaton learning fokker-planck --quick -o fokker-planck", "one claim in a few seconds")],
            units: "Weights and losses are the model's own; temperatures are in units of the loss, lattices in sites and steps."),
        "scan": .init(
            examples: [
                ("inflaton scan Examples/first-scan.yaml --explain", "runs, memory and time; nothing is kept"),
                ("inflaton scan Examples/first-scan.yaml", "into first-scan.sqlite; the same command again goes on"),
                ("inflaton scan Examples/first-scan.yaml --set width=[64,128] --set steps=50", "with other values of two keys"),
            ], units: natural),
        "status": .init(
            examples: [("inflaton status first-scan.sqlite", "also while the scan runs")], units: "Rates are networks·steps a second."),
        "export": .init(
            examples: [
                ("inflaton export first-scan.sqlite -o runs.csv", "a row a run"),
                (
                    "inflaton export first-scan.sqlite --columns 'width,log10(corrected.errorOverTravel)' --where 'momentum > 0' -o runs.csv",
                    "two columns of some of them"
                ), ("inflaton export first-scan.sqlite --filled -o filled.csv", "without the columns that no run has a value of"),
                ("inflaton export first-scan.sqlite --trajectories -o runs.npz", "for NumPy, with what was recorded at each step"),
            ], units: "Those of the columns; Documentation/ScanFile.md has each with its symbol."),
        "plot": .init(
            examples: [
                (
                    "inflaton plot first-scan.sqlite --x width --y corrected.errorOverTravel --colour momentum --facet sigmaW",
                    "an error against the width, by momentum and σ_w"
                ),
                (
                    "inflaton plot first-scan.sqlite --x width --y finalLoss --title 'Wider is better' --x-label 'width n' --y-label 'loss L_K'",
                    "with words of your own"
                ), ("inflaton plot first-scan.sqlite", "the columns that there are"),
            ], units: "Those of the columns."),
        "report": .init(examples: [("inflaton report first-scan.sqlite", "first-scan-report/report.html")], units: "Those of the columns."),
        "merge": .init(
            examples: [("inflaton merge scan-shards/*.sqlite --into scan.sqlite", "the shards of a cluster's job as one store")], units: ""),
        "verify": .init(examples: [("inflaton verify first-scan.sqlite", "0 if everything is as it was stored, else 65")], units: ""),
        "slurm": .init(
            examples: [("inflaton slurm scan.yaml --shards 16 --minutes 120 -o job.sh", "then: sbatch job.sh")],
            units: "Minutes of wall-clock time a task."),
        "bench": .init(
            examples: [
                ("inflaton bench", "every stage at the standard sizes"),
                ("inflaton bench ntk train --width 1024 --points 256 --precision float32", "two stages at other sizes"),
            ], units: "Times are in seconds, rates in operations or elements a second, memory in bytes."),
        "tune": .init(
            examples: [("inflaton tune --seconds 20", "every kernel"), ("inflaton tune --show", "what is remembered")],
            units: "Seconds of wall-clock time a kernel."),
        "cite": .init(examples: [("inflaton cite", "BibTeX")], units: ""),
    ]
}
