import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct CSVTableTests {
    @Test func textFollowsTheFormat() throws {
        let table = try CSVTable(
            columns: ["claim", "measured, %", "count"],
            rows: [["\"within\" 1 %", 0.1, 3], ["two\nlines", .number(-.infinity), .empty], ["12", .number(.nan), -4]])
        #expect(
            table.text
                == "claim,\"measured, %\",count\n\"\"\"within\"\" 1 %\",0.1,3\n\"two\nlines\",-inf,\n\"12\",nan,-4\n")
    }

    @Test func everyCellComesBack() throws {
        let texts = ["plain", "", " space ", "a,b", "\"", "\"\"", "\r\n", "é\u{301}", "nan", "1e5", "007", "0x10", "-"]
        let numbers = [0.1, 1.0 / 3, -0.0, 1e300, .leastNonzeroMagnitude, 1e16, 123_456_789.125, .infinity]
        var table = try CSVTable(columns: ["text", "number", "integer", "nothing"])
        for (i, text) in texts.enumerated() {
            try table.append([.text(text), .number(numbers[i % numbers.count]), .integer(.max - i), .empty])
        }
        let back = try CSVTable(text: table.text)
        #expect(back == table)
        #expect(back.numbers("number")?.map(\.bitPattern) == texts.indices.map { numbers[$0 % numbers.count].bitPattern })
        #expect(back.numbers("nothing")?.allSatisfy(\.isNaN) == true)
        #expect(back.numbers("none") == nil)
        #expect(try CSVTable(text: table.text.replacingOccurrences(of: ",\n", with: ",\r\n")) == table)
    }

    @Test func filesAreWrittenWhole() throws {
        let folder = try TemporaryFolder()
        let table = try CSVTable(columns: ["t"], rows: [[0.5], [.integer(1)]])
        try table.write(to: folder.file("a.csv"))
        #expect(try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8) == "t\n0.5\n1\n")
        #expect(throws: FileError.outputExists(path: folder.file("a.csv"))) { try table.write(to: folder.file("a.csv")) }
    }

    @Test func badTablesAreErrors() throws {
        #expect(throws: CSVError.badColumns([])) { try CSVTable(columns: []) }
        #expect(throws: CSVError.badColumns(["a", "a"])) { try CSVTable(columns: ["a", "a"]) }
        #expect(throws: CSVError.badRow(number: 1, cells: 1, columns: 2)) { try CSVTable(columns: ["a", "b"], rows: [[1]]) }
        #expect(throws: CSVError.badRow(number: 2, cells: 3, columns: 2)) { try CSVTable(text: "a,b\n1,2\n1,2,3\n") }
        #expect(throws: CSVError.badColumns([])) { try CSVTable(text: "") }
        #expect(throws: CSVError.badQuote(row: 1)) { try CSVTable(text: "a\n\"open\n") }
        #expect(throws: CSVError.badQuote(row: 1)) { try CSVTable(text: "a\nx\"y\n") }
        #expect(throws: CSVError.badQuote(row: 1)) { try CSVTable(text: "a\n\"x\"y\n") }
    }
}
