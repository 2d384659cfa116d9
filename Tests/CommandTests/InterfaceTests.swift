import Foundation
import Testing

/// What all commands have in common.
@Suite struct InterfaceTests {
    @Test(arguments: [[], ["ntk"], ["universe"], ["doctor"], ["cite"]]) func explainsItself(command: [String]) throws {
        let run = try Command.run(command + ["--help"])
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(run.output.contains("USAGE: inflaton"))
        if !command.isEmpty { #expect(run.output.contains("--json")) }
    }

    @Test func statesItsVersion() throws {
        let run = try Command.run(["--version"])
        #expect(run.status == 0)
        let parts = run.output.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ".")
        #expect(parts.count == 3 && parts.allSatisfy { Int($0) != nil }, "\(run.output)")
    }

    @Test func refusesAnUnknownCommand() throws {
        let run = try Command.run(["divine"])
        #expect(run.status == 64 && run.errors.contains("'divine'") && run.output.isEmpty)
    }

    @Test func citesThePaper() throws {
        let run = try Command.run(["cite"])
        #expect(run.status == 0)
        #expect(run.output.contains("2202.11104") && run.output.contains("Krippendorf, Sven and Spannowsky, Michael"))
        #expect(try Command.run(["cite", "--json"]).json()["bibtex"] as? String == run.output)
    }
}
