/// Short forms of options: `lr`, `lrate` and `learning` of `learning-rate`.
enum OptionAbbreviation {
    /// The known options that a name is short for: of those whose every word has letters in it, else of those whose first words have.
    static func meanings(of name: String, among known: [String]) -> [String] {
        let letters = name.lowercased().replacing("-", with: "")
        guard !letters.isEmpty, letters.utf8.count <= longest else { return [] }
        let all = known.filter { abbreviates(letters[...], words(of: $0), isWhole: true) }
        return all.isEmpty ? known.filter { abbreviates(letters[...], words(of: $0), isWhole: false) } : all
    }

    /// Bytes of a short form at the most.
    private static let longest = 30

    private static func words(of option: String) -> ArraySlice<Substring> { option.split(separator: "-")[...] }

    /// Whether letters are beginnings of the words, one after the other, each of a letter or more.
    /// - Parameter isWhole: whether there must be one of every word, and not of the first words alone.
    private static func abbreviates(_ letters: Substring, _ words: ArraySlice<Substring>, isWhole: Bool) -> Bool {
        guard let word = words.first else { return letters.isEmpty }
        if letters.isEmpty { return !isWhole }
        let shared = zip(letters, word).prefix { $0 == $1 }.count
        return (0..<shared).contains { abbreviates(letters.dropFirst(shared - $0), words.dropFirst(), isWhole: isWhole) }
    }
}
