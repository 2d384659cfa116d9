import Foundation

/// The memory of this machine that results have to fit into.
public enum HostMemory {
    /// Bytes that can be taken without swapping: what the system calls available, and no more than what a container's limit leaves.
    public static var availableBytes: Int {
        let system = meminfo() ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return min(system, containerBytes() ?? .max)
    }

    /// Refuses what does not fit before any work.
    /// - Parameters:
    ///   - counts: numbers of 8 bytes, as factors of products that are added up; a sum that overflows never fits.
    ///   - what: the subject of the message, such as "the Jacobian".
    ///   - remedy: what to change.
    /// - Throws: `EngineError.doesNotFit`.
    public static func require(
        doubles counts: [[Int]], for what: String, remedy: String, available: Int = HostMemory.availableBytes
    ) throws(EngineError) {
        let bytes = bytes(ofDoubles: counts)
        guard bytes <= available else { throw .doesNotFit(what: what, asked: bytes, available: available, remedy: remedy) }
    }

    /// Bytes of Σ Π counts doubles; `Int.max` where that overflows.
    public static func bytes(ofDoubles counts: [[Int]]) -> Int {
        counts.reduce(0) { sum, factors in sum.plus(factors.reduce(8) { $0.times($1) }) }
    }

    private static func meminfo() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kilobytes * 1024
    }

    /// What the limit of a container (cgroup version 2) leaves; nil without one. Cached files count as used by the kernel's books
    /// and can be dropped, so they are given back.
    private static func containerBytes() -> Int? {
        let folder = "/sys/fs/cgroup/"
        func number(_ name: String) -> Int? {
            let text = try? String(contentsOfFile: folder + name, encoding: .utf8)
            return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let limit = number("memory.max"), let used = number("memory.current") else { return nil }
        let statistics = (try? String(contentsOfFile: folder + "memory.stat", encoding: .utf8)) ?? ""
        let files = statistics.split(separator: "\n").first { $0.hasPrefix("file ") }.flatMap { Int($0.dropFirst(5)) } ?? 0
        return max(0, limit - used + min(files, used))
    }
}
