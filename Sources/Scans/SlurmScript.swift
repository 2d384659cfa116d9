/// A script for Slurm that computes a scan as a job array, a shard and a store for each task, to be edited by its user.
public struct SlurmScript: Sendable {
    /// The command to run, as a path or a name.
    public var program: String
    /// The scan file.
    public var scanFile: String
    /// The number of shards.
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
    public init(
        program: String, scanFile: String, shards: Int, folder: String, store: String, options: [String] = [], minutes: Int = 60,
        gpus: Int = 0
    ) {
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
        let scan = ([program, "scan", scanFile] + options).map(Self.quoted).joined(separator: " ")
        let resources = gpus > 0 ? "#SBATCH --gpus-per-task=\(gpus)\n" : ""
        return """
            #!/bin/sh
            # Submit with: sbatch THIS_FILE. Each task of the array computes one shard into a store of its own. A task that was killed or
            # has failed goes on where it stopped when it is requeued or submitted again.
            #SBATCH --job-name=inflaton
            #SBATCH --array=0-\(shards - 1)
            #SBATCH --ntasks=1
            #SBATCH --time=\(minutes)
            \(resources)#SBATCH --requeue
            # A minute before the time is over the task is told to finish its batch.
            #SBATCH --signal=B:INT@60
            set -eu
            mkdir -p \(Self.quoted(folder))
            # exec, so that signals reach the program.
            exec \(scan) --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --store \(Self.quoted(folder))/shard-"$SLURM_ARRAY_TASK_ID".sqlite
            # When all tasks are done:
            #   \(Self.quoted(program)) merge \(Self.quoted(folder))/shard-*.sqlite --into \(Self.quoted(store))

            """
    }

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
