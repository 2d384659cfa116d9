import ArgumentParser

/// The command: one subcommand a task.
@main
struct Inflaton: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inflaton",
        abstract: "Trains wide neural networks and compares them with the scalar field in an expanding universe they are dual to.",
        version: "0.1.0",
        subcommands: [TangentKernelCommand.self, ReproduceCommand.self])
}
