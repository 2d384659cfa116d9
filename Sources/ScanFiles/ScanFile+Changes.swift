import Runs

extension ScanFile {
    /// The files of arrays and weights whose numbers are others than those that earlier scans read from the same path, so that the runs made of
    /// them are other runs.
    /// - Parameter earlier: the ``text`` of earlier scans, the oldest first; of each path the latest counts.
    public func changedFiles(since earlier: [String]) -> [String] {
        var known: [String: String] = [:]
        for text in earlier { known.merge(Self.digests(text)) { $1 } }
        return Self.digests(text).filter { path, digest in known[path].map { $0 != digest } ?? false }.keys.sorted()
    }

    /// The digests by paths, as they stand in comments at the end of a canonical text.
    private static func digests(_ text: String) -> [String: String] {
        var digests: [String: String] = [:]
        for line in text.split(separator: "\n").reversed() {
            guard line.hasPrefix("# \""), let mark = line.firstRange(of: "\" sha256:") else { break }
            digests[String(line[line.index(line.startIndex, offsetBy: 3)..<mark.lowerBound])] = String(line[mark.upperBound...])
        }
        return digests
    }
}
