import Duality
import Expressions
import Learning
import Networks
import Runs

/// The keys of scan files, in the order of the schema page.
public enum ScanSchema {
    static let keys: [ScanKey] = about + network + data + weights + loss + optimiser + ensembles + selection + recording

    private static let about = [
        ScanKey(
            name: "name", group: .about, kind: .text, standard: nil, meaning: "A name for people.",
            example: "name: kernels of wide networks"),
        ScanKey(
            name: "description", group: .about, kind: .text, standard: nil, meaning: "What it is for.", example: "description: KS figure 1"),
    ]

    private static let network = [
        ScanKey(
            name: "activation", group: .network, kind: .word(Activation.all.map(\.name)), standard: "erf",
            meaning: "The nonlinearity φ between layers.", example: "activation: [relu, erf]"),
        ScanKey(
            name: "depth", group: .network, kind: .integer(.atLeast(0, "0 is a linear model")), standard: "1",
            meaning: "Hidden layers; 0 is a linear model.",
            example: "depth: [1, 2, 3]"),
        ScanKey(
            name: "width", group: .network, kind: .integer(.atLeast(1, "give a positive size")), standard: "512",
            meaning: "Units of each hidden layer.",
            example: "width: {from: 32, to: 512, count: 5, spacing: log}"),
        ScanKey(
            name: "widths", group: .network, kind: .list(.atLeast(1, "give a positive size"), isInteger: true), standard: nil,
            meaning: "The width of each hidden layer, instead of `depth` and `width`: one list is one network, a list of lists is an axis.",
            example: "widths: [[64, 32], [128, 64]]"),
        ScanKey(
            name: "outputs", group: .network, kind: .integer(.atLeast(1, "give a positive size")), standard: "1",
            meaning: "C, the number of outputs.",
            example: "outputs: 2"),
        ScanKey(
            name: "bias", group: .network, kind: .flag, standard: "true", meaning: "Whether layers have biases.", example: "bias: false"),
        ScanKey(
            name: "parameterisation", group: .network, kind: .word(Parameterisation.allCases.map(\.rawValue)), standard: "ntk",
            meaning: "ntk: z = σ_w/√n hW + σ_b b. standard: z = hW + b, σ only in the initial weights.",
            example: "parameterisation: standard"),
        ScanKey(
            name: "sigmaW", group: .network, kind: .number(.deviation), standard: "1",
            meaning: "σ_w, the standard deviation of the weights.",
            example: "sigmaW: {from: 0.5, to: 2, step: 0.5}"),
        ScanKey(
            name: "sigmaB", group: .network, kind: .number(.deviation), standard: "0.1",
            meaning: "σ_b, the standard deviation of the biases.",
            example: "sigmaB: 0.3"),
    ]

    private static let data = [
        ScanKey(
            name: "inputs", group: .data, kind: .inputs, standard: "{points: [1]}",
            meaning: "The points x, (N, d): one of the maps below, or a list of them as an axis.",
            example: "inputs: {interval: {count: 20, from: -1, to: 1}}"),
        ScanKey(
            name: "targets", group: .data, kind: .targets, standard: nil,
            meaning:
                "A target for each point and output, (N, C), instead of `minimum`: `{values: […]}`, `{file: y.npy}`, or a list of such maps.",
            example: "targets: {file: y.npy}"),
    ]

    private static let weights = [
        ScanKey(
            name: "weights", group: .weights, kind: .weights, standard: "drawn from `seed`",
            meaning:
                "The initial weights instead of drawn ones, as a map, or a list of maps as an axis. Widths, outputs and biases are those of the "
                + "file, so `width`, `depth`, `widths`, `outputs`, `bias` and `seed` are left out; without `inputs` there is one point, all "
                + "coordinates 1.",
            example: "weights: {file: w.npz}"),
        ScanKey(
            name: "seed", group: .weights, kind: .seed, standard: "0",
            meaning: "The seeds of the initial weights: one, a list, or a map of `first`, `count` and `each`. They vary fastest.",
            example: "seed: {first: 1, count: 3, each: replica}"),
    ]

    private static let loss = [
        ScanKey(
            name: "loss", group: .loss, kind: .word(["power", "doubleWell", "coupled"]), standard: "power",
            meaning: "power: l = s (f − f_min)^n. doubleWell: l = s/4 (f² − v²)², v by `minimum`. coupled: s times `coupling`.",
            example: "loss: doubleWell"),
        ScanKey(
            name: "coupling", group: .loss, kind: .text, standard: nil,
            meaning: "For the loss coupled: an expression in u1, u2, …, the outputs of a point less their minima; one for the whole scan.",
            example: "coupling: u1^2 + u2^2 + 0.5*u1*u2"),
        ScanKey(
            name: "degree", group: .loss, kind: .integer(.degree), standard: "2", meaning: "n of the power.", example: "degree: [2, 4]"),
        ScanKey(
            name: "scale", group: .loss, kind: .number(.any), standard: "`0.02`; with `targets` `1`", meaning: "s, the factor of the loss.",
            example: "scale: 0.05"),
        ScanKey(
            name: "minimum", group: .loss, kind: .number(.any), standard: "1",
            meaning: "f_min or v: one number, or one for each output as a list within a list.", example: "minimum: [[1, -1]]"),
    ]

    private static let rateAndMomentum = UpdateRule.heavyBall.parameters

    private static let optimiser =
        [
            ScanKey(
                name: "optimiser", group: .optimiser, kind: .word(UpdateRule.all.map(\.name)), standard: UpdateRule.heavyBall.name,
                meaning: "How a step moves the weights. In expressions `-` is written `_`: `optimiser == heavy_ball`.",
                example: "optimiser: [heavy-ball, friedmann]"),
            ScanKey(
                name: "learningRate", group: .optimiser, kind: .number(.of(rateAndMomentum[0])), standard: nil,
                meaning: "η. A file without it trains nothing.", example: "learningRate: \"1/9\""),
            ScanKey(
                name: "learningRates", group: .optimiser, kind: .list(.of(rateAndMomentum[0]), isInteger: false), standard: nil,
                meaning: "η of every step, instead of `learningRate`: one list is one schedule, a list of lists is an axis.",
                example: "learningRates: [0.1, 0.1, 0.05]"),
            ScanKey(
                name: "momentum", group: .optimiser, kind: .number(.of(rateAndMomentum[1])), standard: "0",
                meaning: "γ; 0 is plain gradient descent.",
                example: "momentum: [0, 0.9]"),
            ScanKey(
                name: "momenta", group: .optimiser, kind: .list(.of(rateAndMomentum[1]), isInteger: false), standard: nil,
                meaning: "γ of every step, instead of `momentum`: one list is one schedule, a list of lists is an axis.",
                example: "momenta: [0.9, 0.9, 0.5]"),
            ScanKey(
                name: "steps", group: .optimiser,
                kind: .integer(.atLeast(1, "leave the optimiser out for networks that are only looked at")),
                standard: "the length of `learningRates` or `momenta`", meaning: "K, the number of updates.", example: "steps: 200"),
        ] + UpdateRule.ownParameters.map(key) + [
            ScanKey(
                name: "eras", group: .optimiser, kind: .text, standard: nil,
                meaning:
                    "For `de-sitter`: eras one after the other with a and H continuous, from `hubble` on, each a fluid (de-sitter, matter, radiation, "
                    + "kination, curvature, or w) for a time t = k√η; they say how many steps there are. One for the whole scan.",
                example: "eras: \"de-sitter:5,radiation:20,matter:20\"")
        ]

    /// The key of a parameter that only some rules have.
    private static func key(_ parameter: UpdateRule.Parameter) -> ScanKey {
        let rules = UpdateRule.all.filter { $0.parameters.contains(parameter) }.map { "`\($0.name)`" }.joined(separator: ", ")
        let (standard, example): (String?, Double) =
            switch parameter.standard {
            case .none: (nil, 0.5)
            case .value(let value): (value.scanText, value)
            case .leadingEigenvalue: ("`leadingEigenvalue`, measured", 0.5)
            }
        return ScanKey(
            name: parameter.name, group: .optimiser, kind: .number(.of(parameter)), standard: standard,
            meaning: "\(parameter.symbol), \(parameter.title), for \(rules).", example: "\(parameter.name): \(example.scanText)")
    }

    private static let ensembles = [
        ScanKey(
            name: "process", group: .ensembles, kind: .word(LearningProcess.Name.allCases.map(\.rawValue)),
            standard: "ensemble where `networks` is given",
            meaning:
                "What these networks do: learn with noise; turn around the origin, of which `networks`, `learningRate`, `steps`, `batch`, `turning`, "
                + "`mirrored` and `warmUp` speak; be born and die, of which `networks`, `steps`, `stepTime`, `diffusion`, `neurons`, "
                + "`stiffness`, `inverseTemperature`, `weightDecay` and `warmUp` do; or, one network on a lattice, learn from recordings of "
                + "another, of which `sites`, `latticeCoupling`, `latticeMass`, `learningRate`, `steps`, `recordings`, `noise` and `smoothing` do.",
            example: "process: circulation"),
        ScanKey(
            name: "networks", group: .ensembles, kind: .integer(.atLeast(1, "40000 are needed at the least")), standard: nil,
            meaning:
                "E, networks from each initial density where there are several. With it a run is an ensemble of micro networks that learn with noise (Documentation/Learning.md), "
                + "of which the keys of this table, of the optimiser, `seed` and `record` speak, and no others.",
            example: "networks: 100000"),
        ScanKey(
            name: "starts", group: .ensembles, kind: .inputs, standard: "six densities between and beyond the wells",
            meaning: "The initial densities, mean and deviation each, as a map like those of `inputs`. χ needs five or more.",
            example: "starts: {points: [[-0.9, 0.18], [0.7, 0.15]]}"),
        ScanKey(
            name: "neurons", group: .ensembles, kind: .integer(.atLeast(1, "give a positive size")), standard: "4",
            meaning: "N, fast neurons of each network.", example: "neurons: [4, 16]"),
        ScanKey(
            name: "stiffness", group: .ensembles, kind: .number(.any), standard: "1", meaning: "κ, how stiffly these are bound.",
            example: "stiffness: 1"),
        ScanKey(
            name: "inverseTemperature", group: .ensembles, kind: .number(.any), standard: "4", meaning: "β, their inverse temperature.",
            example: "inverseTemperature: [2, 4, 8]"),
        ScanKey(
            name: "weightDecay", group: .ensembles, kind: .number(.any), standard: "0", meaning: "λ of the loss λw²/2.",
            example: "weightDecay: 0.3"),
        ScanKey(
            name: "batch", group: .ensembles, kind: .integer(.atLeast(1, "give a positive size")), standard: "8",
            meaning: "B, data of a step, drawn anew for each.", example: "batch: [1, 8]"),
        ScanKey(
            name: "diffusion", group: .ensembles, kind: .number(.any), standard: "0.06",
            meaning:
                "D₀, which the noise gives weights in descent beside the noise of mini-batches; for other optimisers the D by which χ is measured, "
                + "of births and deaths all of D.",
            example: "diffusion: 0.02"),
        ScanKey(
            name: "noise", group: .ensembles, kind: .number(.deviation), standard: "`sqrt(2*diffusion/stepTime)`",
            meaning:
                "The standard deviation of what is added to a gradient; in descent instead of `diffusion`. Of a lattice that of what is added to "
                + "recordings, 0.01 by default.", example: "noise: 3.5"),
        ScanKey(
            name: "stepTime", group: .ensembles, kind: .number(.any), standard: "η of descent, √η of others, 0.02 of births and deaths",
            meaning: "The time that passes in a step of optimisers other than descent, and of births and deaths.", example: "stepTime: 0.01"
        ),
        ScanKey(
            name: "otherLearningRate", group: .ensembles, kind: .number(.any), standard: "`learningRate`",
            meaning:
                "Of a second setting between which and the first every network changes by itself: its step. Steps of descent then take the mean time.",
            example: "otherLearningRate: 0.03"),
        ScanKey(
            name: "otherBatch", group: .ensembles, kind: .integer(.atLeast(1, "give a positive size")), standard: "`batch`",
            meaning: "Its mini-batch.", example: "otherBatch: 1"),
        ScanKey(
            name: "otherNeurons", group: .ensembles, kind: .integer(.atLeast(1, "give a positive size")), standard: "`neurons`",
            meaning: "Its fast neurons.", example: "otherNeurons: 8"),
        ScanKey(
            name: "renewal", group: .ensembles, kind: .number(.any), standard: "1",
            meaning: "The probability with which a network draws its setting before a step, both being as likely.", example: "renewal: 0.02"
        ),
        ScanKey(
            name: "turning", group: .ensembles, kind: .number(.any), standard: "0",
            meaning: "m, the part of the gradient that is turned by a right angle, from -1 to 1, of a circulation.",
            example: "turning: [0, 0.2, 0.5]"),
        ScanKey(
            name: "mirrored", group: .ensembles, kind: .flag, standard: "false",
            meaning: "Whether data of a circulation are of both hands, so that it is none.", example: "mirrored: [false, true]"),
        ScanKey(
            name: "warmUp", group: .ensembles, kind: .integer(.atLeast(0, "0 counts from the first step on")),
            standard: "a quarter of `steps`",
            meaning: "Steps of a circulation, or of births and deaths, before anything is counted.", example: "warmUp: 400"),
        ScanKey(
            name: "sites", group: .ensembles, kind: .list(.atLeast(4, "neighbours on both sides must differ"), isInteger: true),
            standard: nil,
            meaning: "Sites of a lattice along each of one to three axes: one list is one lattice, a list of lists is an axis.",
            example: "sites: [[256], [16, 16]]"),
        ScanKey(
            name: "latticeCoupling", group: .ensembles, kind: .number(.any), standard: "0.25",
            meaning: "A, the square of the speed of waves on the lattice that is recorded.", example: "latticeCoupling: [0.1, 0.2]"),
        ScanKey(
            name: "latticeMass", group: .ensembles, kind: .number(.any), standard: "0.0025", meaning: "M, the square of their mass.",
            example: "latticeMass: 0.01"),
        ScanKey(
            name: "recordings", group: .ensembles, kind: .integer(.atLeast(1, "give a multiple of 4")), standard: "16",
            meaning: "Recordings that a lattice hears at each step, a multiple of 4.", example: "recordings: [4, 16]"),
        ScanKey(
            name: "smoothing", group: .ensembles, kind: .number(.any), standard: "0",
            meaning: "λ, by which weights of neighbours on a lattice descend λ/2 (w − w′)² as well.", example: "smoothing: [0, 0.1]"),
    ]

    private static let selection = [
        ScanKey(
            name: "together", group: .selection, kind: .together, standard: nil,
            meaning: "Groups of keys that vary together: each group is a list of maps, and an axis.",
            example: "together: [[{learningRate: \"1/9\", momentum: 0}, {learningRate: 0.01, momentum: 0.9}]]"),
        ScanKey(
            name: "let NAME", group: .selection, kind: .number(.any), standard: nil,
            meaning: "A number of your own, or an axis of them, which expressions may name.", example: "let alpha: [0.1, 0.5]"),
        ScanKey(
            name: "samples", group: .selection, kind: .samples, standard: nil,
            meaning: "How often all keys with `draw` and no `count` are drawn together: a number, or `{count, seed}`.",
            example: "samples: {count: 100, seed: 1}"),
        ScanKey(
            name: "where", group: .selection, kind: .filter, standard: nil,
            meaning: "Candidates for which it is false are left out.", example: "where: vacuumRatio < 0.1"),
    ]

    private static let recording = [
        ScanKey(
            name: "record", group: .recording, kind: .record, standard: "{}", meaning: "What is kept of each run, a map of the keys below.",
            example: "record: {trajectory: every 10, predictions: [corrected]}")
    ]

    static func key(_ name: String) -> ScanKey? { byName[name] }
    private static let byName = Dictionary(uniqueKeysWithValues: keys.map { ($0.name, $0) })

    /// The keys of ``ScanParameter``, by its slots.
    static let parameters: [ScanKey] = ScanParameter.all.compactMap { byName[$0.name] }

    /// Words are numbers in expressions, so that `activation == relu` can be asked. All differ.
    static let words: [String: Double] = {
        var words: [String: Double] = [:]
        for key in keys {
            if case .word(let names) = key.kind { for name in names where words[name] == nil { words[name] = Double(words.count) } }
        }
        return words
    }()

    /// The same as expressions write them, where a - would be a minus.
    static let wordsInExpressions = Dictionary(uniqueKeysWithValues: words.map { ($0.replacing("-", with: "_"), $1) })

    /// What a name is in expressions. The loss is a word among the keys and a number among the quantities, and names the latter.
    static func kind(ofName name: String) -> ExpressionKind {
        if wordsInExpressions[name] != nil { return .word }
        return name == "loss" ? .number : byName[name]?.kind.inExpressions ?? .number
    }
    static let namesOfWords = Dictionary(uniqueKeysWithValues: words.map { (Int($1), $0) })

    /// The keys of maps, with a line each for the schema page.
    static let maps: [(key: String, members: [(name: String, meaning: String)])] = [
        (
            "inputs",
            [
                ("points", "the points themselves, `[1, 2]` for (2, 1) or `[[1, 0], [0, 1]]` for (2, 2)"),
                ("interval", "`{count, from, to}`: equally spaced numbers, both ends among them; `from` and `to` may be expressions"),
                ("circle", "`{count, radius}`: equally spaced points of the plane, from (radius, 0) on; radius 1 by default"),
                ("file", "an .npy file (N, d) or (N), relative to the scan file"),
            ]
        ),
        (
            "targets",
            [("values", "numbers as (N, C), or (N) for one output"), ("file", "an .npy file of that shape, relative to the scan file")]
        ),
        (
            "weights",
            [
                (
                    "file",
                    "an .npz file of `W1` (d, n1), `b1` (n1), `W2`, … as for `inflaton ntk`, relative to the scan file. Runs are known by the "
                        + "weights themselves: with other numbers in the file they are other runs"
                )
            ]
        ),
        (
            "seed",
            [
                ("first", "the first seed; 0 by default"), ("count", "seeds for each combination of the axes, the replicas; 1 by default"),
                (
                    "each",
                    "`replica`: the same seeds for all combinations (default). `run`: every combination has its own, numbered in the order of the "
                        + "whole grid, whatever filters leave out. A list of keys: every combination of these keys has its own"
                ),
            ]
        ),
        ("samples", [("count", "how many"), ("seed", "the seed of the draws; 0 by default")]),
        (
            "record",
            [
                (
                    "trajectory",
                    "steps at which outputs and loss are kept: `ends` (default), `all`, `every N`, or a list of steps, of which a run has those that it reaches; "
                        + "ensembles are counted there, with `ends` about 40 times"
                ),
                ("kernels", "steps at which the tangent kernel is computed: `ends` (default), `none`, `every N`, or a list of steps"),
                ("method", "how: `gram` (default) or `jacobian`"),
                ("spectra", "whether eigenvalues of these kernels are kept; default false"),
                ("modes", "whether outputs are kept in the eigenmodes of the first kernel; default false"),
                ("matrices", "whether these kernels are kept whole, of ensembles what was counted in bins; default false"),
                (
                    "predictions",
                    "what is set beside each training, any of " + Prediction.allCases.map(\.rawValue).joined(separator: ", ")
                        + "; nothing is trained again for them; default none"
                ),
            ]
        ),
    ]

    static func members(of key: String) -> [String] { maps.first { $0.key == key }?.members.map(\.name) ?? [] }
}
