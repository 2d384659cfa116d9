import Figures
import Report
import Testing

@Suite("Lines of titles")
struct LineBreakTests {
    /// The lines of a panel's title on a narrow page.
    private static func lines(_ title: String) throws -> [String] {
        let panel = Panel(title: title, x: Axis("x"), y: Axis("y"), layers: [.line(Line(x: [0, 1], y: [0, 1]))])
        let texts = try SVGDocument(SVGRenderer().render(Figure(id: "f", title: "", panels: [panel]), for: .narrowPage)).texts
        return texts.filter { $0.contains { $0.isLetter } && $0 != "x" && $0 != "y" }
    }

    @Test("No line of a title ends or begins at a sign: titles break after commas")
    func signs() throws {
        var broken = 0
        for length in 1...20 {
            let word = String(repeating: "d", count: length), title = "\(word), B = 8, D = 0.06, mass = 0.851, x = 2"
            let lines = try Self.lines(title)
            #expect(lines.joined(separator: " ") == title)
            #expect(lines.dropLast().allSatisfy { $0.hasSuffix(",") }, "\(lines)")
            if lines.count > 1 { broken += 1 }
        }
        #expect(broken > 10)
        // Without commas signs alone forbid a break.
        for length in 1...40 {
            let lines = try Self.lines(String(repeating: "d", count: length) + " when B = 8 and D = 0.06 and mass = 0.851 m − 0.526 a")
            for line in lines { #expect(!["=", "−"].contains(line.first) && !["=", "−"].contains(line.last), "\(lines)") }
        }
    }

    @Test("What signs join is broken where no line has room for it, and no letter is lost")
    func narrow() throws {
        let title = (1...40).map { "mass\($0)" }.joined(separator: " = ")
        let lines = try Self.lines(title)
        #expect(lines.count > 2 && lines.joined(separator: " ") == title)
    }
}
