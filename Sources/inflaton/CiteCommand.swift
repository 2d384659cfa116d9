import ArgumentParser
import Engines
import Report

struct CiteCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "cite", abstract: "BibTeX entries of the duality's paper and of Inflaton.")

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        common.console.warnOfUnused(["--force", "--dry-run"], because: "cite does nothing but print")
        try common.console.finish(
            "cite", provenance: Provenance(parameters: [:], engine: nil), dryRun: common.dryRun, result: ["bibtex": Self.entries],
            text: Self.entries)
    }

    private static var entries: String { Citation.bibtex(version: Version.current, revision: Version.revision) }
}
