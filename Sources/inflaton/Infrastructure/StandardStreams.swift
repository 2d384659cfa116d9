import Arrays
import Foundation

/// Standard input, output and error, as whoever starts the program leaves them: open, closed, a pipe that nobody reads.
enum StandardStreams {
    /// Called before anything else: a descriptor below 3 that is closed is opened on `/dev/null`, because otherwise the next file, such as a
    /// store, would get its number and be written into by every message. Writing to a pipe that nobody reads, or beyond a limit on the
    /// size of files, fails with a message instead of ending the process in the middle of its work.
    static func prepare() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 { silence(descriptor) }
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Lets what is written there vanish.
    static func silence(_ descriptor: Int32) {
        let null = open("/dev/null", O_RDWR)
        guard null >= 0, null != descriptor else { return }
        dup2(null, descriptor)
        close(null)
    }

    /// Writes all of the text.
    /// - Throws: `FileError.cannotWrite`, for example where the disk is full or a pipe's reader is gone.
    static func write(_ text: String, to descriptor: Int32, named name: String) throws(FileError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                // Whoever shares a terminal or pipe may have made it one that does not wait.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                throw .cannotWrite(path: name, reason: String(cString: strerror(errno)))
            }
        }
    }
}
