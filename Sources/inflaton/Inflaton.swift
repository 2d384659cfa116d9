import ArgumentParser
import Engines
import Foundation

/// The command: one subcommand a task.
@main
struct Inflaton: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inflaton",
        abstract: "Trains wide neural networks and compares them with the scalar field in an expanding universe they are dual to.",
        discussion: """
            Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 the work failed; 64 usage; \
            65 bad input data; 69 device unavailable; 73 output exists or cannot be written; 130 interrupted.

            A first network and its universe:
              inflaton evolve --learning-rate 0.01 --momentum 0.9 --steps 500 -o evolve
            """,
        version: Version.current,
        subcommands: commands)

    private static let commands: [any FileCommand.Type] = [
        DoctorCommand.self,
        EvolveCommand.self,
        AdviseCommand.self,
        TangentKernelCommand.self,
        PredictCommand.self,
        UniverseCommand.self,
        ReproduceCommand.self,
        LearningCommand.self,
        ScanCommand.self,
        StatusCommand.self,
        ExportCommand.self,
        PlotCommand.self,
        ReportCommand.self,
        MergeCommand.self,
        VerifyCommand.self,
        SlurmCommand.self,
        BenchCommand.self,
        TuneCommand.self,
        CiteCommand.self,
        GlossaryCommand.self,
        SweepCommand.self,
        ManualCommand.self,
    ]

    /// The names of the subcommands, in the order of the help.
    static var commandNames: [String] { commands.compactMap { $0.configuration.commandName } }

    /// Parses, runs, and ends the process with the code of `ExitStatus` that fits what happened.
    static func main() {
        LibraryPath.complete()
        StandardStreams.prepare()
        Interruption.prepare()
        do {
            try CommandLineText.check()
            let words = Array(CommandLine.arguments.dropFirst())
            try CommandNames.check(words, known: commandNames)
            var command = try UnknownOption.first(of: words, help: _dumpHelp()) { try parseAsRoot() }
            try (command as? any FileCommand)?.usedFiles.check()
            try command.run()
        } catch {
            Failure(error).exit()
        }
    }
}
