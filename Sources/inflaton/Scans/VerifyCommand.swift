import ArgumentParser
import Arrays
import Runs
import Stores

struct VerifyCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Which runs of a store are as they were stored: reads all of it and compares checksums.",
        discussion: """
            Ends with 0 if everything is sound, and with 65 if anything is not, which it names. Runs that an earlier Inflaton stored have \
            no checksum; of them it says whether they have all the rows that their parameters ask for.
            """)

    @Argument(help: "The store.")
    var store: String

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    var usedFiles: CommandFiles { .init(stores: [store]) }

    func run() throws {
        let verification = try Console(json: json, quiet: false).during("reading \(store) and comparing checksums") {
            try StoreReader(path: store).verify()
        }
        let document = Document(
            store: store, sound: verification.sound, withoutChecksum: verification.withoutChecksum, unsound: verification.unsound,
            problems: verification.problems)
        if json { try Console.writeJSON(document) } else { try Console.writeToStandardOutput(document.text) }
        if !document.problems.isEmpty { throw ExitCode(ExitStatus.badData.rawValue) }
    }

    private struct Document: Encodable {
        let store: String
        let sound: Int
        let withoutChecksum: Int
        let unsound: Int
        let problems: [StoreReader.Problem]

        var text: String {
            var listing = Listing()
            listing.add("sound", sound.number(of: "run"))
            if withoutChecksum > 0 {
                listing.add("without checksum", "\(withoutChecksum.number(of: "run")) of an earlier Inflaton, with all rows")
            }
            listing.add("unsound", unsound.number(of: "run"))
            for problem in problems.prefix(Self.most) {
                listing.add(problem.run.map { "run \($0)" } ?? "store", "\(problem.place): \(problem.reason)")
            }
            if problems.count > Self.most { listing.add("and", "\(problems.count - Self.most) more, which --json lists") }
            return listing.text
        }

        private static let most = 100
    }
}
