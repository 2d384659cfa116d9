import Foundation
import Runs

/// How SQLite makes a batch all or nothing.
public enum JournalMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// A write-ahead log: one flush a batch, and readers that see the last batch while the next is written. Needs memory that the
    /// processes share, so a disk of this host.
    case wal
    /// A rollback journal, which works wherever files can be locked.
    case delete

    /// The mode for a folder: a rollback journal on file systems of networks and in user space, a log on all others.
    public static func suited(to folder: String) -> JournalMode {
        guard let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return .wal }
        var information = stat()
        guard stat(folder, &information) == 0 else { return .wal }
        let device = UInt64(information.st_dev)
        // As the C library's macros gnu_dev_major and gnu_dev_minor split it.
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF, minor = device & 0xFF | (device >> 12) & ~0xFF
        return suited(toDevice: "\(major):\(minor)", mounts: String(decoding: mounts, as: UTF8.self))
    }

    /// The mode for a device.
    /// - Parameters:
    ///   - device: its major and minor number, separated by a colon.
    ///   - mounts: what /proc/self/mountinfo says: the device is the third word of a line, the file system the first after a dash.
    public static func suited(toDevice device: String, mounts: String) -> JournalMode {
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[2] == device, let dash = words.firstIndex(of: "-"), dash + 1 < words.count else { continue }
            let name = words[dash + 1]
            return shared.contains(String(name)) || name.hasPrefix("fuse") ? .delete : .wal
        }
        return .wal
    }

    /// File systems that several hosts may hold open, or that may lack shared memory maps, by their names in the kernel.
    private static let shared: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "9p", "gfs2", "ocfs2", "panfs", "coda",
        "orangefs", "pvfs2", "glusterfs", "virtiofs", "vboxsf", "vmhgfs", "wekafs",
    ]
}
