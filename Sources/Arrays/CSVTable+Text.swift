import Foundation

extension CSVTable.Cell {
    /// The cell as it stands in a file.
    var text: String {
        switch self {
        case .number(let value): value.description
        case .integer(let value): value.description
        case .empty: ""
        case .text(let text):
            Self.needsQuotes(text) ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
        }
    }

    /// A cell that is not quoted: a number if it reads as one.
    init(unquoted text: String) {
        if text.isEmpty {
            self = .empty
        } else if let value = Int(text) {
            self = .integer(value)
        } else if let value = Double(text) {
            self = .number(value)
        } else {
            self = .text(text)
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        let special = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        return special || text.first == " " || text.last == " " || Self(unquoted: text) != .text(text)
    }
}

extension CSVTable {
    /// Reads text such as `text` gives, lines ended by a line feed or by carriage return and line feed.
    ///
    /// Cells that are not quoted and read as numbers are numbers.
    /// - Throws: `CSVError`.
    public init(text: String) throws {
        var lines = try Self.lines(text)
        guard !lines.isEmpty else { throw CSVError.badColumns([]) }
        let header = lines.removeFirst()
        try self.init(columns: header.map(\.content), rows: lines.map { line in line.map(\.cell) })
    }

    private struct RawCell {
        var bytes: [UInt8] = []
        var quoted = false

        var content: String { String(decoding: bytes, as: UTF8.self) }
        var cell: Cell { quoted ? .text(content) : Cell(unquoted: content) }
    }

    /// The cells of every line. A line without any character is left out, as pandas does.
    private static func lines(_ text: String) throws -> [[RawCell]] {
        let bytes = Array(text.utf8)
        var lines: [[RawCell]] = []
        var line: [RawCell] = []
        var cell = RawCell()
        var position = 0
        func endLine() {
            if !line.isEmpty || cell.quoted || !cell.bytes.isEmpty { lines.append(line + [cell]) }
            line = []
            cell = RawCell()
        }
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard cell.bytes.isEmpty, !cell.quoted else { throw CSVError.badQuote(row: lines.count) }
                cell.quoted = true
                position = try quoted(bytes, from: position, into: &cell.bytes, row: lines.count)
            case UInt8(ascii: ","):
                line.append(cell)
                cell = RawCell()
            case UInt8(ascii: "\r") where position < bytes.count && bytes[position] == UInt8(ascii: "\n"):
                continue
            case UInt8(ascii: "\n"):
                endLine()
            default:
                guard !cell.quoted else { throw CSVError.badQuote(row: lines.count) }
                cell.bytes.append(byte)
            }
        }
        endLine()
        return lines
    }

    /// Reads what follows an opening quote, and gives the position after the closing one.
    private static func quoted(_ bytes: [UInt8], from start: Int, into cell: inout [UInt8], row: Int) throws -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == byte else { return position }
                position += 1
            }
            cell.append(byte)
        }
        throw CSVError.badQuote(row: row)
    }
}
