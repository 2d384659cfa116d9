import Cosmology
import Foundation
import Testing

/// The equation of a quadratic potential at constant H is linear: a field 1e-20 times as large is the same, 1e-20 times as large.
@Test(arguments: [1, 1e-8, 1e-14, 1e-20]) func linearFieldsScale(size: Double) throws {
    func end(_ phi: Double) throws -> Double {
        let universe = try Universe(
            potential: .power(scale: 0.5, degree: 2), hubble: .constant(0.1), phi: phi, until: 20, samples: 2)
        return try #require(universe.solve().samples.last).background.phi
    }
    // Each is integrated to 1e-12 of its size over some twenty times the time in which it changes.
    #expect(abs(try end(size) / size - end(1)) < 1e-10)
}
