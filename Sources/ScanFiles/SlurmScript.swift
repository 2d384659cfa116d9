import Arrays
import Runs

/// A script for Slurm that computes a scan as a job array, a shard and a store for each task, to be edited by its user.
public struct SlurmScript: Sendable {
    /// How many shards a scan can be divided into: as many as Slurm's job arrays can have tasks (`MaxArraySize`).
    public static let shardCounts = 1...4_000_001

    /// The command to run, as a path or a name.
    public var program: String
    public var scanFile: String
    public var shards: Int
    /// The folder of the shards' stores.
    public var folder: String
    /// The store that the shards are merged into.
    public var store: String
    /// Further options of `inflaton scan`, each a word of its own.
    public var options: [String]
    /// Minutes that a task may take.
    public var minutes: Int
    /// GPUs of a task.
    public var gpus: Int

    /// A script. Default: an hour, no GPU.
    /// - Throws: `ScriptWordError` for a word that a script cannot hold.
    public init(
        program: String, scanFile: String, shards: Int, folder: String, store: String, options: [String] = [], minutes: Int = 60,
        gpus: Int = 0
    ) throws {
        for word in [program, scanFile, folder, store] + options where word.unicodeScalars.contains(where: \.steersTerminal) {
            throw ScriptWordError(word: word)
        }
        self.program = program
        self.scanFile = scanFile
        self.shards = shards
        self.folder = folder
        self.store = store
        self.options = options
        self.minutes = minutes
        self.gpus = gpus
    }

    /// The script.
    public var text: String {
        let program = Self.quoted(program), scan = "\(program) scan \(Self.quotedPath(scanFile))"
        let words = options.map { " " + Self.quoted($0) }.joined(), stores = Self.quotedPath(folder) + "/shard-"
        let resources = gpus > 0 ? "#SBATCH --gpus-per-task=\(gpus)\n" : ""
        return """
            #!/bin/sh
            # Submit with: sbatch THIS_FILE. Each task of the array computes one shard into a store of its own. A task that was killed or
            # has failed goes on where it stopped when it is requeued or submitted again, by itself too: sbatch --array=2 THIS_FILE.
            #SBATCH --job-name=inflaton
            #SBATCH --array=0-\(shards - 1)
            #SBATCH --ntasks=1
            #SBATCH --time=\(minutes)
            \(resources)#SBATCH --requeue
            # A minute before the time is over the task is told to finish its batch.
            #SBATCH --signal=B:INT@60
            set -eu
            mkdir -p \(Self.quotedPath(folder))
            # The number of shards stays \(shards), however few tasks are submitted again: it says which runs are whose. exec, so that
            # signals reach the program.
            exec \(scan)\(words) --shard "$SLURM_ARRAY_TASK_ID/\(shards)" --store \(stores)"$SLURM_ARRAY_TASK_ID".sqlite
            # When all tasks are done:
            #   \(program) merge \(stores)*.sqlite --into \(Self.quotedPath(store))

            """
    }

    /// A path as a shell reads it back, and as no command takes for an option or a home folder.
    public static func quotedPath(_ path: String) -> String { quoted(path.hasPrefix("-") || path.hasPrefix("~") ? "./" + path : path) }

    /// A word as a shell reads it back.
    public static func quoted(_ word: String) -> String {
        let plain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "._-/+=:,@%".unicodeScalars.contains($0)
            }
        return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

/// A word that would tear a script apart: a line of the script's comments would end, and the next would be a command.
public struct ScriptWordError: Error, Equatable, CustomStringConvertible {
    public let word: String

    /// What is wrong and what to do.
    public var description: String {
        "'\(word.printable)' has a line break or another character that steers a terminal, and cannot stand in a script; choose another name"
    }
}
