import ArgumentParser
import Engines

/// `inflaton cite`.
struct CiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cite", abstract: "BibTeX entries of the duality's paper and of Inflaton.")

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.console.finish(
            "cite", provenance: Provenance(parameters: [:], engine: nil), dryRun: common.dryRun, result: ["bibtex": Self.entries],
            text: Self.entries)
    }

    private static let entries = """
        @article{KrippendorfSpannowsky2022,
          author        = {Krippendorf, Sven and Spannowsky, Michael},
          title         = {A duality connecting neural network and cosmological dynamics},
          year          = {2022},
          eprint        = {2202.11104},
          archivePrefix = {arXiv}
        }

        @software{Inflaton,
          title   = {Inflaton: wide neural networks beside the universes they are dual to},
          version = {\(Version.current)},
          note    = {git revision \(Version.revision())}
        }

        """
}
