import Arrays
import Figures
import Foundation
import Learning
import OpenCL
import Testing

/// The experiments on lattices, of the size of `--quick`, beside numbers that other programs found.
@Suite(.serialized) struct LatticeExperimentTests {
    private func report(_ name: String) throws -> LearningReport {
        let device = try #require(try Device.select("opencl", environment: ProcessInfo.processInfo.environment), "install pocl-opencl-icd")
        let experiment = try #require(try LearningRegistry.named(name, LearningOptions(quick: true)))
        let report = try experiment.report(on: LearningDevice(Context(device: device, cache: nil)))
        #expect(report.figure.id == name && report.figure.data != nil)
        return report
    }

    private func column(_ name: String, of report: LearningReport, where key: String, is word: String) throws -> [Double] {
        let table = try #require(report.figure.data)
        let (values, keys) = (try #require(table.columns.firstIndex(of: name)), try #require(table.columns.firstIndex(of: key)))
        return table.rows.filter { $0[keys] == .text(word) }.compactMap { row in
            guard case .number(let value) = row[values] else { return nil }
            return value
        }
    }

    /// Boost residuals as NumPy found them in 64 bits, by rolls and bincount.
    @Test func boostResiduals() throws {
        let report = try report("lorentz")
        let expected = [3.38689e-4, 4.18535e-4, 6.33678e-4, 1.900638e-3, 8.460704e-3, 3.681544e-2, 0.11915739]
        let found = try column("boostResidual", of: report, where: "kind", is: "imbalance")
        // Steps of 32 bits make random errors of some 1e-5 of the field, whose squares are nothing beside 3e-4.
        #expect(found.count == 7 && zip(found, expected).allSatisfy { abs($0 / $1 - 1) < 2e-3 })
        let widths = try column("boostResidual", of: report, where: "kind", is: "width")
        #expect(zip(widths, [5.806497e-4, 3.832691e-3, 4.489265e-2]).allSatisfy { abs($0 / $1 - 1) < 2e-3 })
        // The diffusive network begins a step later than NumPy's.
        #expect(abs(try column("boostResidual", of: report, where: "kind", is: "diffusive")[0] - 0.959) < 0.005)
        #expect(report.claims.map(\.verdictText).filter { $0 == "holds" }.count >= 5)
        #expect(report.claims.contains { $0.verdictText == "fails" } && report.claims.last?.verdictText == "not testable")
    }

    /// Packets follow geodesics on learned lattices, as in NumPy: 0.0039 and 0.011 of the path, flat metrics 0.165 and 0.99 away; 12.1° of 13.7°.
    @Test func geodesics() throws {
        let report = try report("geodesic"), claims = report.claims
        #expect(claims[0...2].allSatisfy { $0.verdict == .holds })
        #expect((0.003...0.006).contains(claims[0].measured ?? 0) && (0.15...0.18).contains(claims[0].control?.value ?? 0))
        #expect((0.008...0.015).contains(claims[1].measured ?? 0) && (0.95...1.05).contains(claims[1].control?.value ?? 0))
        let angles = try column("packetAngle", of: report, where: "setting", is: "lens 448")
        let geodesics = try column("geodesicAngle", of: report, where: "setting", is: "lens 448")
        #expect(angles.allSatisfy { abs($0 - 12.1) < 0.1 } && geodesics.allSatisfy { abs($0 - 13.69) < 0.3 })
    }

    /// Exponents of learned lattices are those of independent weights, and regularised ones have −2.
    @Test func spectra() throws {
        let claims = try report("einstein").claims
        #expect(claims[0...2].allSatisfy { $0.verdictText == "by construction" })
        #expect(claims[3...4].allSatisfy { $0.verdictText == "fails" && abs($0.measured ?? 9) < 0.5 })
        #expect(claims[5...6].allSatisfy { abs(($0.measured ?? 0) + 2) < 0.4 })
        #expect(claims.suffix(2).allSatisfy { $0.verdictText == "not testable" })
    }
}
