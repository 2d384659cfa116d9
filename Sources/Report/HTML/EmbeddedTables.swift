import Foundation

/// Tables inside a page as `data:` addresses, so that the page alone holds its numbers.
///
/// Percent encoding, not base 64: tables are nearly all digits, which it leaves as they are.
struct EmbeddedTables {
    /// The address of each table that is embedded, by its file's name.
    private(set) var addresses: [String: String] = [:]
    /// Bytes of each table's file.
    private(set) var sizes: [String: Int] = [:]
    /// Names of the tables that did not fit, in the order given.
    private(set) var onlyLinked: [String] = []

    init(_ tables: [(name: String, text: String)], limit: Int) {
        var room = limit
        for table in tables.sorted(by: { $0.text.utf8.count < $1.text.utf8.count }) {
            sizes[table.name] = table.text.utf8.count
            let address = "data:text/csv;charset=utf-8," + Self.encoded(table.text)
            guard address.utf8.count <= room else { continue }
            room -= address.utf8.count
            addresses[table.name] = address
        }
        onlyLinked = tables.map(\.name).filter { addresses[$0] == nil }
    }

    /// The link to the file beside the page and, where it is embedded, to its copy in the page.
    func links(_ name: String) -> HTML {
        let beside: HTML = "<a href=\"\(name)\">\(name)</a> beside this page (\(HTMLNumber.bytes(sizes[name] ?? 0)))"
        guard let address = addresses[name] else { return "\(beside); too large to keep a copy in this page" }
        return "\(beside)<span class=\"copy\">, or the <a download=\"\(name)\" href=\"\(address)\">copy in this page</a></span>"
    }

    private static func encoded(_ text: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 11 / 10)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
