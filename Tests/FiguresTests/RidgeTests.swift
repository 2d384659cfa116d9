import Figures
import Testing

@Suite("Ridges")
struct RidgeTests {
    @Test("Each distribution is counted in common bins on a line of its own, on one scale of heights")
    func outlines() throws {
        let panel = Ridges.panel(
            x: Axis("v"), y: "n", groups: [.init("a", [0, 0.5, 4]), .init("b", [2, 2, 2.5, 3, .nan])], bins: 4)
        // Edges 0, 1, 2, 3, 4: a has 2, 0, 0, 1; b has 0, 0, 3, 1.
        guard case .band(let a) = panel.layers[0], case .band(let b) = panel.layers[2], case .line(let line) = panel.layers[3] else {
            Issue.record("no bands")
            return
        }
        #expect(a.x == [0, 1, 1, 2, 2, 3, 3, 4] && a.lower == Array(repeating: 1, count: 8))
        // The greatest share is 3/4, which is less than 86 % of 1 and more than of 3/4: lines are 100 % apart.
        #expect(panel.y.label.contains("100 % a line"), "\(panel.y.label)")
        let third = 1.0 / 3
        #expect(zip(a.upper, [1 + 2 * third, 1 + 2 * third, 1, 1, 1, 1, 1 + third, 1 + third]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(b.x == [2, 3, 3, 4] && zip(b.upper, [0.75, 0.75, 0.25, 0.25]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(line.x == [2, 2, 3, 3, 4, 4] && line.y.first == 0 && line.y.last == 0 && line.colour == 1)
        #expect(panel.y.ticks == [.init(1, "a"), .init(0, "b")])
    }

    @Test("On a logarithmic axis bins are equal in the logarithm, and zero is left out; nothing is no error")
    func logarithmic() {
        let panel = Ridges.panel(x: Axis("v", scale: .log10), y: "", groups: [.init("a", [0, 1, 100])], bins: 2)
        guard case .band(let band) = panel.layers[0] else { Issue.record("no band"); return }
        #expect(zip(band.x, [1, 10, 10, 100]).allSatisfy { abs($0 / $1 - 1) < 1e-12 })
        #expect(Ridges.panel(x: Axis("v"), y: "", groups: [.init("a", [])]).layers.isEmpty)
    }
}
