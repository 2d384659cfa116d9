import Duality
import Runs

extension ScanSchema {
    /// The schema page, made from the keys and quantities that the program knows.
    public static var markdown: String {
        var text = """
            # Scan files

            A scan file says which networks are computed and what is kept of them. It is YAML; this page is made from the program (a test compares them).

            ```yaml
            name: kernels by width
            width: {from: 32, to: 512, count: 5, spacing: log}
            sigmaW: [0.5, 1, 1.5, 2]
            seed: {first: 1, count: 3}
            ```

            Each key is a value or an axis of values, and the scan is every combination: 5 × 4 × 3 runs. Axes come in the order of the file; the last varies fastest, and seeds faster than all. Where no learning rate is given, nothing is trained. Several scans may stand in one file, separated by `---`. Every key can be set from outside, for all scans of a file: `--set width=64`, within a map `--set record.trajectory=all`, and `--set where=null` to remove it.

            ## Keys

            """
        for group in ScanKey.Group.allCases {
            text += "\n### \(group.rawValue)\n\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n"
            for key in keys where key.group == group {
                let standard = key.standard.map { key.standardIsProse ? $0 : "`\($0)`" } ?? "–"
                text += "| `\(key.name)` | \(key.kind.name) | \(standard) | \(cell(key.meaning)) | `\(cell(key.example))` |\n"
            }
            for map in maps where key(map.key)?.group == group {
                text += "\nIn `\(map.key)`:\n\n| key | meaning |\n|---|---|\n"
                for member in map.members { text += "| `\(member.name)` | \(cell(member.meaning)) |\n" }
            }
        }
        return text + values + names
    }

    /// A bar would end a cell.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static let values = """

        ## Values and axes

        | value | meaning |
        |---|---|
        | `0.5`, `erf`, `true` | the same in every run |
        | `"1/9"`, `"output + 1"` | computed, see below |
        | `[0.5, 1, 2]` | an axis of these; elements may be computed |
        | `{from: 0.5, to: 2, count: 4}` | an axis of equally spaced numbers, both ends among them |
        | `{from: 0.01, to: 1, count: 3, spacing: log}` | the same in the logarithm |
        | `{from: 0, to: 1, step: 0.1}` | an axis by steps |
        | `{draw: uniform, from: 0, to: 1, count: 50, seed: 1}` | an axis of random numbers; also `logUniform`, and `normal` with `mean` and `deviation` |
        | `{draw: uniform, from: 0, to: 1}` | no axis: drawn anew for each of the `samples`, together with all other such keys |

        Values between the ends of ranges, and random ones, are rounded to 12 significant digits, so that a range meets the numbers that a person would list; for whole numbers they are rounded to these. A random value is a function of the seed, the key and its number alone: it stays the same when the file gains keys or samples. The generator is Philox 4×32-10 with the seed as key and (number low, number high, FNV-1a of the key, `SCAN`) as counter.

        A value that is impossible where it is written, such as `momentum: 1.5`, stops the scan before it begins. One that is impossible in some combinations only, such as a computed learning rate below 0, is counted as refused with its reason, and the others go on. Candidates that a filter leaves out are counted as excluded.

        ## Expressions

        Numbers may be computed, and `where` filters: `+ - * / ^`, comparisons, `and`, `or`, `not`, parentheses, the functions `abs`, `sqrt`, `exp`, `log`, `log10`, `floor`, `round`, `sin`, `cos`, `tan`, `sinh`, `cosh`, `tanh`, `min` and `max`, and `pi`. They may name

        - the keys above that are numbers, and every `let`;
        - `replica`, from 0, and `seed`;
        - words and flags, to compare with: `activation == relu`, `bias == true`; they are no numbers, and `sigmaW: relu` is refused;
        - the quantities below up to the start of the training.

        An expression that names what is measured at the start, such as `learningRate: "0.1 / kernel"` or `where: vacuumRatio < 0.1`, has each network evaluated first; what comes of it is known only then. What is known only after the training cannot be named: filter by it when you plot or export. A filter that meets a quantity which does not exist for a run leaves it out.

        Numbers are decimal: `0.5`, `1e-3`. There are no infinities, no `1_000`, no `0x10`, and no `010`, which is eight to some readers of YAML and ten to others.

        ## Sizes

        A file has at most \(ScanLimits.bytes >> 20) MiB, \(ScanLimits.nodes) values (an alias counts as what it stands for), \(ScanLimits.documents) scans, and \(ScanLimits.levels) levels of lists and maps; a scan has at most \(ScanLimits.keys) keys and as many filters; an expression \(ScanLimits.expression) characters, and keys may be computed through each other in chains of \(ScanLimits.chain). There are at most \(ScanLimits.points) points, and a network has at most \(ScanLimits.layers) hidden layers, by `depth` or as a list of `widths`. A run records at most \(ScanLimits.recordedSteps) steps and \(ScanLimits.kernels) kernels; a listed step beyond those of every run is refused. Keys are words; lists and maps are none.

        A run that needs more memory than this machine has is refused before anything of that size is made, with the bytes needed, the bytes available and what to change. So is a scan whose candidates cannot be planned, about 200 bytes each; compute a share of it at a time with `--shard I/N`. `--explain` shows what the device and the host need, and how long the scan takes: it trains some runs of up to 24 shapes for some steps and stores them in a folder that it removes, decides some of the candidates that wait for others, and carries over what that took. The time is within a factor of two for most scans where the machine is as busy then as now; ensembles take up to three times as long as it says. It looks at every candidate where that takes seconds, and else at some that are evenly spread over all of them, and says at how many.

        """

    private static var names: String {
        var text = "\n## Quantities\n"
        let titles: [(Quantity.Stage, String)] = [
            (.parameters, "Known before anything is computed"), (.initial, "Measured at the start of the training"),
            (.final, "Known after the training (not in scan files)"),
        ]
        for (stage, title) in titles {
            text += "\n### \(title)\n\n| name | symbol | meaning |\n|---|---|---|\n"
            for quantity in Quantity.all where quantity.stage == stage {
                text += "| `\(quantity.name)` | \(cell(quantity.symbol ?? "")) | \(cell(quantity.meaning)) |\n"
            }
        }
        return text
    }
}

extension ScanKey {
    fileprivate var standardIsProse: Bool { standard?.contains("`") ?? false }
}
