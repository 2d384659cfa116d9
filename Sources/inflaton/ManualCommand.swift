import ArgumentParser
import Arrays
import Foundation

/// `inflaton manual`: for Scripts/install; not listed.
struct ManualCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Writes the man pages, made from the help: one of the program and one a command.",
        discussion: "Prints the files that were written.",
        shouldDisplay: false)

    @Option(name: .shortAndLong, help: "The folder to write man pages into.")
    var output: String?

    @Flag(help: "Print the page on what --json prints, Markdown.")
    var jsonPage = false

    @Flag(help: "Print the JSON Schema of what --json prints.")
    var jsonSchema = false

    @Flag(help: "Replace pages that exist.")
    var force = false

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        if jsonPage { return try Console.writeToStandardOutput(JSONReference.markdown) }
        if jsonSchema { return try Console.writeToStandardOutput(JSONReference.schema()) }
        guard let output else { throw ValidationError("--output is missing: give the folder of the man pages, such as share/man/man1.") }
        let pages = try ManualPage.all(ofHelp: Data(Inflaton._dumpHelp().utf8)), folder = OutputFolder(output)
        try folder.check(pages.map(\.file), overwrite: force)
        try folder.create()
        for page in pages { try AtomicFile.write(page.text, to: folder.file(page.file), overwrite: force) }
        try Console.writeToStandardOutput(pages.map { folder.file($0.file) + "\n" }.joined())
    }
}
