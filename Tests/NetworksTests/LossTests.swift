import Networks
import Testing

/// Losses, their derivatives, and what they are compared with.
@Suite struct LossTests {
    static let places = [-1.9, -0.8, -0.3, 0.15, 0.6, 1.4, 2.2]

    /// Slopes are differences of values, curvatures differences of slopes. Richardson's D = (4 D_h − D_2h)/3 is off by h⁴/30 of the fifth
    /// derivative and by 1.6/h of the values' rounding. The steepest case is 0.7 u⁶ with |u| ≤ 2.3: fifth derivatives below 0.7 · 720 · 2.3 =
    /// 1160, values and slopes below 271 and accurate to 10 u. With h = 2⁻¹⁰ that is 3.5e-11 + 1640 · 3.0e-13 = 5.3e-10.
    @Test(arguments: LossShape.examples)
    func derivativesAreDifferences(_ shape: LossShape) {
        let m = 0.4, s = 0.7, h = 0x1p-10, tolerance = 6e-10
        func difference(_ f: (Double) -> Double, _ x: Double) -> Double {
            (4 * (f(x + h) - f(x - h)) / (2 * h) - (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)) / 3
        }
        for f in Self.places {
            let slope = difference({ shape.value($0, anchor: m, scale: s) }, f)
            let curvature = difference({ shape.slope($0, anchor: m, scale: s) }, f)
            #expect(abs(shape.slope(f, anchor: m, scale: s) - slope) <= tolerance, "\(shape) at \(f)")
            #expect(abs(shape.curvature(f, anchor: m, scale: s) - curvature) <= tolerance, "\(shape) at \(f)")
        }
        #expect(shape.isQuadratic == (shape == .evenPower(2)))
    }

    /// Values at a point, by hand: 0.5 · 1.5⁴, 2/4 · (1.5² − 0.5²)².
    @Test func valuesByHand() throws {
        #expect(try LossShape.power(degree: 4).value(2, anchor: 0.5, scale: 0.5) == 2.53125)
        #expect(LossShape.doubleWell.value(1.5, anchor: 0.5, scale: 2) == 2)
        #expect(LossShape.doubleWell.slope(1.5, anchor: 0.5, scale: 2) == 6)
        #expect(try LossShape.power(degree: 2).slope(2, anchor: 0.5, scale: 0.5) == 1.5)
    }

    @Test func anchorsAreLaidOut() throws {
        let one = try Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([3]))
        #expect(try one.anchors(points: 2, outputs: 2) == [3, 3, 3, 3])
        let each = try Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([3, 4]))
        #expect(try each.anchors(points: 2, outputs: 2) == [3, 4, 3, 4])
        let targets = try Loss(shape: .evenPower(2), scale: 1, anchors: .perPoint([1, 2, 3, 4]))
        #expect(try targets.anchors(points: 2, outputs: 2) == [1, 2, 3, 4])
        let wrongCount = #expect(throws: NetworkError.self) { try each.anchors(points: 2, outputs: 3) }
        #expect(wrongCount?.description.contains("list of minima has shape (2), expected (1) or (3)") ?? false)
        let wrongTargets = #expect(throws: NetworkError.self) { try targets.anchors(points: 3, outputs: 2) }
        #expect(wrongTargets?.description.contains("array of targets has shape (4 elements), expected (3, 2)") ?? false)
    }

    @Test(arguments: [-2, 0, 1, 3, 17, 18])
    func degreesThatHaveNoMinimumAreRefused(_ degree: Int) {
        let error = #expect(throws: NetworkError.self) { try LossShape.power(degree: degree) }
        #expect(error?.description.contains("degree of the loss is \(degree), but must be an even number from 2 to 16") ?? false)
    }

    @Test func numbersMustBeFinite() {
        let scale = #expect(throws: NetworkError.self) { try Loss.power(scale: .infinity, minimum: 0) }
        #expect(scale?.description.contains("loss scale") ?? false)
        let minimum = #expect(throws: NetworkError.self) { try Loss.power(scale: 1, minimum: .nan) }
        #expect(minimum?.description.contains("element 0") ?? false)
        let none = #expect(throws: NetworkError.self) { try Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([])) }
        #expect(none?.description.contains("at least one value") ?? false)
    }
}
