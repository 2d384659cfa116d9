import Runs

/// The SHA-256 of everything that a store keeps of one run, in a spelling that does not depend on the order of columns, on the numbers
/// that the store gave the run and its provenance, or on columns that have no value. Writer and reader make it of the same rows.
struct RunChecksum {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(4096) }

    /// A column of `runs` or `provenance` that has a value; in ascending order of their names.
    mutating func append(_ name: [UInt8], value: (inout RunChecksum) -> Void) {
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: name)
        bytes.append(0)
        value(&self)
    }

    /// What comes next are the rows of that table, in the order of their keys.
    mutating func table(_ table: StoreTable) {
        bytes.append(UInt8(ascii: "/"))
        bytes.append(contentsOf: table.name.utf8)
        bytes.append(0)
    }

    mutating func append(bytes more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

    mutating func append(_ value: Int) { append(UInt8(ascii: "i"), UInt64(bitPattern: Int64(value))) }

    /// SQLite keeps no −0, and NaN as NULL.
    mutating func append(_ value: Double?) {
        guard let value, !value.isNaN else { return bytes.append(UInt8(ascii: "n")) }
        append(UInt8(ascii: "d"), value == 0 ? 0 : value.bitPattern)
    }

    mutating func append(text: some Collection<UInt8>) {
        append(UInt8(ascii: "s"), UInt64(text.count))
        bytes.append(contentsOf: text)
    }

    mutating func append(blob: some Collection<UInt8>) {
        append(UInt8(ascii: "b"), UInt64(blob.count))
        bytes.append(contentsOf: blob)
    }

    /// A number of a column of integers: those that SQLite cannot keep as integers it keeps as they are.
    mutating func append(whole value: Double) {
        if let integer = Int(exactly: value) { append(integer) } else { append(value) }
    }

    /// A cell as it is read.
    mutating func append(_ cell: StoreRows.Cell) {
        switch cell {
        case .null: append(nil as Double?)
        case .integer(let value): append(value)
        case .real(let value): append(value)
        case .text(let bytes): append(text: bytes)
        case .blob(let bytes): append(blob: bytes)
        }
    }

    private mutating func append(_ tag: UInt8, _ word: UInt64) {
        bytes.append(tag)
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Of what was appended.
    var digest: Digest { Digest(of: bytes) }

    /// The checksum of a run, of what was appended of its rows and of the row of `provenance` that it points to.
    static func of(rows: Digest, provenance: Digest) -> Digest { Digest(of: rows.bytes + provenance.bytes) }
}

extension RunChecksum {
    /// Where a column of `runs` has its value from, when a run is written.
    enum Value: Sendable {
        case digest
        case status
        case lastFinite
        case word(Int)
        case real(Int)
        case integer(Int)
        case seed(Int)
    }

    /// The columns of `runs` that belong to the run itself, by name.
    static let columns: [(name: [UInt8], value: Value)] = {
        var columns: [(String, Value)] = [("digest", .digest), ("status", .status), ("lastFinite", .lastFinite)]
        columns += StoreColumn.words.enumerated().map { ($0.element.name, .word($0.offset)) }
        columns += StoreColumn.quantities.enumerated().map { index, column in
            (column.name, column.name == "seed" ? .seed(index) : column.kind == .integer ? .integer(index) : .real(index))
        }
        return columns.sorted { $0.0 < $1.0 }.map { (Array($0.0.utf8), $0.1) }
    }()

    /// Columns of `runs` that say where the run lies and not what it is.
    static let ofPlace: Set<String> = ["run", "provenance", "checksum"]
}
