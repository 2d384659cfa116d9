import ArgumentParser

/// `--shard I/N`.
struct ShardNumber: CustomStringConvertible {
    let index: Int
    let count: Int

    init(argument: String) throws {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count >= 1, 0..<count ~= index else {
            throw ValidationError("must be I/N with N shards, numbered from 0, so I from 0 to N - 1, such as 0/4.")
        }
        self.index = index
        self.count = count
    }

    var description: String { "\(index)/\(count)" }

    /// The task of a job array, whose numbers need not begin at 0; nil outside of one.
    static func ofSlurm(_ environment: [String: String]) throws -> ShardNumber? {
        guard let task = environment["SLURM_ARRAY_TASK_ID"], let count = environment["SLURM_ARRAY_TASK_COUNT"] else { return nil }
        let first = environment["SLURM_ARRAY_TASK_MIN"].flatMap(Int.init) ?? 0
        guard let number = Int(task), let shard = try? ShardNumber(argument: "\(number - first)/\(count)") else {
            throw ValidationError(
                "SLURM_ARRAY_TASK_ID is \(task) and SLURM_ARRAY_TASK_COUNT is \(count), which name no shard; number the array's tasks "
                    + "without gaps, or give --shard.")
        }
        return shard
    }
}
