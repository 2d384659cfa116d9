/// Parses the Python dictionary in a `.npy` header: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// Exactly these three keys, each once, in any order; anything else is refused.
struct NPYDictionaryParser {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parse() throws -> (descriptor: String, fortranOrder: Bool, shape: [Int]) {
        var descriptor: String?
        var fortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while !accept("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where descriptor == nil: descriptor = try type()
            case "fortran_order" where fortranOrder == nil: fortranOrder = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            default: throw malformed("the key '\(Excerpt.of(key))' is unknown or repeated")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == bytes.count else { throw malformed("something follows the dictionary") }
        guard let descriptor, let fortranOrder, let shape else {
            throw malformed("one of 'descr', 'fortran_order', 'shape' is missing")
        }
        return (descriptor, fortranOrder, shape)
    }

    private mutating func type() throws -> String {
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "[") || bytes[position] == UInt8(ascii: "(") {
            throw NumericArrayError.unsupportedType(
                descriptor: "structured", remedy: "save each field as an array of its own")
        }
        return try string()
    }

    private mutating func string() throws -> String {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"") else {
            throw malformed("a quoted string is missing")
        }
        let quote = bytes[position]
        let rest = bytes[(position + 1)...]
        guard let end = rest.firstIndex(of: quote) else { throw malformed("a quoted string has no end") }
        position = end + 1
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    private mutating func boolean() throws -> Bool {
        if accept("True") { return true }
        if accept("False") { return false }
        throw malformed("'fortran_order' is neither True nor False")
    }

    private mutating func tuple() throws -> [Int] {
        try expect("(")
        var axes: [Int] = []
        while !accept(")") {
            axes.append(try integer())
            if !accept(",") {
                guard axes.count > 1 else { throw malformed("'shape' is not a tuple") }
                try expect(")")
                break
            }
        }
        return axes
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let digits = bytes[position...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        // Nineteen digits are the most that a number of 64 bits has, and zeros in front are not Python's.
        guard digits.count <= 19, let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw malformed("an axis of 'shape' is not a number from 0 to \(Int.max)")
        }
        position += digits.count
        // Python 2 marked long integers so.
        if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func accept(_ token: String) -> Bool {
        skipSpace()
        guard bytes[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func expect(_ token: String) throws {
        guard accept(token) else { throw malformed("'\(token)' is missing") }
    }

    private func malformed(_ reason: String) -> NumericArrayError {
        .malformed(reason: "the .npy header is malformed at byte \(position) of its dictionary: \(reason)")
    }
}
