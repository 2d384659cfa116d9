import Synchronization

/// The host's copies of small writes that the device may not have read yet, so that nobody waits for each of them: a wait takes longer than
/// the copy of some kilobytes. Commands run in their order, so whoever waits for a later one has waited for these.
final class StagedCopies: Sendable {
    /// Bytes of a write that is worth a copy, and of all copies.
    static let largest = 16 << 10
    private static let most = 1 << 20

    /// `@unchecked Sendable`: written once, before it is shared.
    final class Copy: @unchecked Sendable {
        let bytes: UnsafeMutableRawBufferPointer

        init(_ source: UnsafeRawBufferPointer) {
            bytes = .allocate(byteCount: source.count, alignment: 16)
            bytes.copyMemory(from: source)
        }

        deinit { bytes.deallocate() }
    }

    private let copies = Mutex<(list: [Copy], bytes: Int)>(([], 0))

    /// Whether there are none.
    var isEmpty: Bool { copies.withLock { $0.list.isEmpty } }

    /// Whether there is room for so many bytes more.
    func hasRoom(for bytes: Int) -> Bool { bytes <= Self.largest && copies.withLock { $0.bytes + bytes <= Self.most } }

    /// Keeps a copy that a command reads.
    func keep(_ copy: Copy) {
        copies.withLock { copies in
            copies.list.append(copy)
            copies.bytes += copy.bytes.count
        }
    }

    /// Does what waits for the device, and drops the copies from before it.
    func dropping<Result>(_ wait: () throws -> Result) throws -> Result {
        let before = copies.withLock { copies in
            defer { copies = ([], 0) }
            return copies.list
        }
        do {
            return try withExtendedLifetime(before, wait)
        } catch {
            for copy in before { keep(copy) }
            throw error
        }
    }
}
