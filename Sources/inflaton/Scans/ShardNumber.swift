import ArgumentParser
import Arrays
import Runs
import ScanFiles

/// `--shard I/N`.
struct ShardNumber: CustomStringConvertible {
    let index: Int
    let count: Int

    init(argument: String) throws {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), SlurmScript.shardCounts.contains(count),
            0..<count ~= index
        else {
            throw ValidationError(
                "must be I/N with N shards, from 1 to \(SlurmScript.shardCounts.upperBound), numbered from 0, so I from 0 to N - 1, "
                    + "such as 0/4.")
        }
        self.init(index: index, count: count)
    }

    private init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    var description: String { "\(index)/\(count)" }

    /// The task of a job array that was submitted whole, numbered 0, 1, … N − 1; nil outside of job arrays.
    ///
    /// The variables describe the array as it was submitted. Where it is a part, such as tasks 0 and 2 that are computed again, they do not
    /// tell how many shards the scan was divided into, and a guess would compute other runs.
    /// - Throws: `ValidationError`.
    static func ofSlurm(_ environment: [String: String]) throws -> ShardNumber? {
        let names = ["ID", "COUNT", "MIN", "MAX"].map { "SLURM_ARRAY_TASK_" + $0 }
        let texts = names.map { environment[$0] ?? "" }
        guard texts.contains(where: { !$0.isEmpty }) else { return nil }
        // A Slurm that does not set the ends of the array's numbers leaves out nothing that could be checked.
        let ends = (least: texts[2].isEmpty ? 0 : Int(texts[2]), largest: texts[3].isEmpty ? nil : texts[3])
        if let shard = try? ShardNumber(argument: "\(texts[0])/\(texts[1])"), ends.least == 0,
            ends.largest.map({ Int($0) == shard.count - 1 }) ?? true
        {
            return shard
        }
        let stated = zip(names, texts).map { "\($0) is \($1.isEmpty ? "missing" : $1.printable)" }.joined(separator: ", ")
        throw ValidationError(
            "this is a task of a job array that is not numbered 0, 1, … N - 1, so that it does not tell which share of the scan is meant "
                + "(\(stated)); give --shard I/N, with the N that the scan was divided into before: a script of `inflaton slurm` has it.")
    }
}
