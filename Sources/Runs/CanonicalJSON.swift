/// JSON in one spelling only: no white space, members in the order in which they are written (ascending, by the writer's care),
/// numbers as the shortest decimal that reads back to the same double.
package struct CanonicalJSON {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init() { bytes.reserveCapacity(1024) }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// `"name":`, without escapes: names and words are identifiers of ours.
    private mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    /// The document, or a member, that is an object.
    mutating func object(_ key: StaticString? = nil, _ members: (inout CanonicalJSON) -> Void) {
        if let key { name(key) }
        open("{")
        members(&self)
        close("}")
    }

    mutating func member(_ key: StaticString, _ word: String) {
        name(key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: word.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func member(_ key: StaticString, _ value: some BinaryInteger) {
        name(key)
        append(value)
    }

    mutating func member(_ key: StaticString, _ value: Double) {
        name(key)
        append(value)
    }

    mutating func member(_ key: StaticString, _ value: Bool) {
        name(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func member(_ key: StaticString, _ values: [Int]) {
        name(key)
        open("[")
        for value in values {
            separate()
            append(value)
        }
        close("]")
    }

    mutating func member(_ key: StaticString, words: [String]) {
        name(key)
        open("[")
        for word in words {
            separate()
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: word.utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        close("]")
    }

    /// Numbers in a list; long lists as the SHA-256 of their little-endian doubles, `"sha256:…"`.
    mutating func member(_ key: StaticString, _ values: [Double]) {
        guard values.count <= Self.longestList else { return member(key, Self.name(of: values)) }
        name(key)
        open("[")
        for value in values {
            separate()
            append(value)
        }
        close("]")
    }

    /// Lists with more elements are named by their digest, so that data sets do not weigh on every run's identity.
    package static let longestList = 256

    /// What stands for a long list.
    package static func name(of values: [Double]) -> String { "sha256:" + Digest(of: values).description }

    /// −0 equals 0, so it is spelt like it.
    private mutating func append(_ value: Double) {
        if let whole = Int32(exactly: value) {
            // The same spelling, made in a tenth of the time.
            append(Int(whole))
            bytes.append(UInt8(ascii: "."))
            bytes.append(UInt8(ascii: "0"))
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    private mutating func append(_ value: some BinaryInteger) {
        if let digit = UInt8(exactly: value), digit < 10 {
            bytes.append(UInt8(ascii: "0") + digit)  // bounded: digit < 10
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }
}
