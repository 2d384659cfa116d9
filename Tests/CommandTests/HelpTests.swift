import Foundation
import TestSupport
import Testing

/// The help, what is made from it, and what is said of words that are none of it.
@Suite struct HelpTests {
    /// The commands that `inflaton --help` lists.
    static func commands() throws -> [String] {
        let lines = try Command.run(["--help"]).output.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("SUBCOMMANDS:") })
        return lines[(start + 1)...].prefix { !$0.isEmpty }.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    @Test func everyCommandHasAnExampleOfItsOwnOptions() throws {
        let commands = try Self.commands()
        #expect(commands.count >= 17 && commands.contains("evolve"))
        for command in commands {
            let help = try Command.run(["help", command]).output
            #expect(try Command.run([command, "--help"]).output == help, "\(command)")
            let parts = help.components(separatedBy: "\nEXAMPLES:\n")
            try #require(parts.count == 2, "\(command) has no examples")
            let lines = parts[1].split(separator: "\n").filter { $0.hasPrefix("  inflaton ") }
            #expect(!lines.isEmpty)
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                #expect(words[1] == command, "\(line)")
                for option in words where option.hasPrefix("--") {
                    #expect(parts[0].contains(option + " ") || parts[0].contains(option + "\n"), "\(command) has no \(option)")
                }
            }
        }
    }

    @Test(arguments: [
        (["evlove", "-o", "x"], "evolve"), (["scann", "x"], "scan"), (["help", "reprot"], "report"), (["univers"], "universe"),
    ]) func aMistypedCommandIsSuggested(words: [String], meant: String) throws {
        let run = try Command.run(words)
        #expect(run.status == 64 && run.output.isEmpty && run.errors.contains("did you mean '\(meant)'?"), "\(run.errors)")
    }

    @Test(arguments: [
        (["evolve", "--stpes", "3", "-o", "x"], "'--steps'"), (["learning", "foker-planck"], "'fokker-planck'"),
        (["reproduce", "--experiment", "resonanse"], "'resonance'"),
    ]) func mistypedOptionsAndNamesAreSuggested(words: [String], meant: String) throws {
        let run = try Command.run(words)
        #expect(run.status == 64 && run.errors.lowercased().contains("did you mean \(meant)?"), "\(run.errors)")
    }

    @Test func everyCommandHasAPageOfTheManual() throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("man1")
            #expect(try Command.run(["manual", "-o", path]).status == 0)
            for command in try Self.commands() {
                let page = try String(contentsOfFile: "\(path)/inflaton-\(command).1", encoding: .utf8)
                #expect(page.hasPrefix(".TH \"INFLATON-\(command.uppercased())\" 1"))
                for section in ["NAME", "SYNOPSIS", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"] {
                    #expect(page.contains(".SH \(section)\n"), "\(command): \(section)")
                }
                // A line of text that begins with a point would be a request, and vanish.
                let requests = [".TH", ".SH", ".TP", ".B ", ".BR", ".I ", ".PP", ".RS", ".RE", ".nf", ".fi"]
                for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
                    #expect(requests.contains { line.hasPrefix($0) }, "\(command): \(line)")
                }
            }
            #expect(try String(contentsOfFile: "\(path)/inflaton.1", encoding: .utf8).contains(".B evolve\n"))
            #expect(try Command.run(["manual", "-o", path]).status == 73)
        }
    }

    @Test func installsCommandManualAndCompletions() throws {
        try TemporaryFolder.with { folder in
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            let script = URL(filePath: #filePath).appending(path: "../../../Scripts/install").standardized.path
            process.arguments = [script, folder.file("prefix")]
            process.environment = ProcessInfo.processInfo.environment.merging(["INFLATON": try Command.binary().path]) { $1 }
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            for file in [
                "bin/inflaton", "share/man/man1/inflaton.1", "share/man/man1/inflaton-evolve.1", "share/zsh/site-functions/_inflaton",
                "share/fish/vendor_completions.d/inflaton.fish",
            ] { #expect(FileManager.default.fileExists(atPath: folder.file("prefix/" + file)), "\(file)") }
            // What a shell offers after `inflaton evo` and `inflaton evolve --mom`.
            let completion = folder.file("prefix/share/bash-completion/completions/inflaton")
            for (line, offered) in [(["inflaton", "evo"], "evolve"), (["inflaton", "evolve", "--mom"], "--momentum")] {
                let shell = Process(), pipe = Pipe()
                shell.executableURL = URL(filePath: "/bin/bash")
                shell.arguments = [
                    "-c",
                    """
                    source "$1"; COMP_WORDS=(\(line.joined(separator: " "))); COMP_CWORD=\(line.count - 1)
                    COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
                    _inflaton inflaton "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; printf '%s\\n' "${COMPREPLY[@]}"
                    """, "bash", completion,
                ]
                shell.standardOutput = pipe
                try shell.run()
                let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                shell.waitUntilExit()
                #expect(text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.contains(offered), "\(line): \(text)")
            }
        }
    }
}
