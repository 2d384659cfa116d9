import ArgumentParser
import Engines
import Figures
import Report

struct CiteCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "cite", abstract: "BibTeX entries of the papers whose claims are measured and of Inflaton.")

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        common.console.warnOfUnused(["--force", "--dry-run"], because: "cite does nothing but print")
        try common.console.finish(
            "cite", provenance: Provenance(parameters: [:], engine: nil), dryRun: common.dryRun, result: ["bibtex": Self.entries],
            text: Self.entries)
    }

    private static var entries: String { Citation.bibtex(version: Version.current, revision: Version.revision, theories: Theory.allCases) }
}
