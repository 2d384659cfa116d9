import Foundation

/// The memory that this process can still take.
public enum AvailableMemory {
    /// Bytes that can be taken without swapping: what the system calls available, and no more than what a container's limit and
    /// the limit on the process's addresses (`ulimit -v`) leave.
    public static var bytes: Int {
        let system = meminfo() ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return [system, containerBytes() ?? .max, addressBytes() ?? .max].min() ?? system
    }

    private static func meminfo() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kilobytes.times(1024)
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

    /// What the limit on the process's addresses leaves; nil without one.
    private static func addressBytes() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
            let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first
        else { return nil }
        return max(0, Int(limit.rlim_cur) - (Int(pages) ?? 0) * Int(getpagesize()))
    }
}
