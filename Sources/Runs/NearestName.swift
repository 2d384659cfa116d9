/// What a mistyped name was meant to be.
package enum NearestName {
    /// The known name with the fewest changes of letters, capitals for free; nil if more than a third of the letters would change.
    package static func find(_ name: String, among known: some Sequence<String>) -> String? {
        guard name.utf8.count <= longest else { return nil }
        let letters = Array(name.lowercased())
        var best: (name: String, distance: Int)?
        for candidate in known where candidate.utf8.count <= longest {
            let distance = distance(letters, Array(candidate.lowercased()))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, letters.count / 3) else { return nil }
        return best.name
    }

    /// The same of names with prefixes, such as those of predictions: the first whose last part is the name, if any is.
    package static func findPart(_ name: String, among known: some Sequence<String>) -> String? {
        known.first { $0.hasSuffix(".\(name)") } ?? find(name, among: known)
    }

    /// Bytes of a name at the most: the work is the product of two lengths.
    private static let longest = 100

    /// Letters that are put in, left out, replaced, or swapped with their neighbour.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = [], last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
