import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// The doctor on this machine, and its power to find what is wrong.
@Suite struct DoctorTests {
    /// Every device of this machine passes every check in every precision that it has, and there is a device.
    @Test func thisMachineIsHealthy() throws {
        try #require(!Device.all.isEmpty, "no OpenCL device: install pocl-opencl-icd")
        var engines: [any Engine] = [ReferenceEngine()]
        for device in Device.all {
            let context = try Context(device: device)
            for precision in Precision.allCases where precision == .float32 || device.supportsDouble {
                engines.append(try OpenCLEngine(context: context, precision: precision, tuning: .portable))
            }
        }
        var heard = 0
        let doctor = try Doctor(engines.map { ($0, .all) })
        let report = try doctor.run { finding in
            heard += 1
            #expect(finding.result.passed, "\(finding.engine): \(finding.result)")
        }
        #expect(report.failed == 0 && report.passed == heard)
        #expect(doctor.count == heard)
        #expect(heard >= 13 + 53 * (engines.count - 1))
        #expect(Set(report.findings.map(\.engine)) == Set(engines.map(\.description)))
        let again = try JSONDecoder().decode(DoctorReport.self, from: JSONEncoder().encode(report))
        #expect(again.passed == report.passed && again.findings.count == report.findings.count)
    }

    /// What the listener throws stops the work.
    @Test func theDoctorCanBeStopped() {
        struct Stop: Error {}
        var heard = 0
        #expect(throws: Stop.self) {
            _ = try Doctor([(ReferenceEngine(), .all)]).run { _ in
                heard += 1
                if heard == 2 { throw Stop() }
            }
        }
        #expect(heard == 2)
    }

    /// The catalogue reaches every activation, both parameterisations and every kind of loss.
    @Test func theCatalogueIsBroad() throws {
        let problems = try CheckCatalogue.odd() + CheckCatalogue.typical()
        #expect(Set(problems.map(\.architecture.activation)) == Set(Activation.all))
        #expect(Set(problems.map(\.architecture.parameterisation)) == Set(Parameterisation.allCases))
        #expect(Set(problems.map(\.lossShape)) == Set(LossShape.examples))
    }

    /// An engine that is wrong in one result by a part of its size: what a faulty kernel does.
    struct Faulty: Engine {
        let precision: Precision
        let relative: Double

        var description: EngineDescription { EngineDescription(name: "faulty", device: "none", driver: "none", precision: precision) }

        func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan { try ReferenceEngine().plan(shape, job) }

        func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
            func spoil(_ values: [Double]) -> [Double] {
                // The largest number, so that the fault is not a fault in a zero.
                guard let place = values.indices.max(by: { abs(values[$0]) < abs(values[$1]) }) else { return values }
                var spoilt = values
                spoilt[place] *= 1 + relative
                return spoilt
            }
            try ReferenceEngine().run(ensemble, job) { block in
                switch block {
                case .outputs(let m, let s, let v): try deliver(.outputs(members: m, steps: s, values: spoil(v)))
                case .losses(let m, let s, let v): try deliver(.losses(members: m, steps: s, values: v))
                case .controls(let m, let s, let v): try deliver(.controls(members: m, steps: s, values: v))
                case .lastFinite(let m, let s, let o, let l):
                    try deliver(.lastFinite(members: m, steps: s, outputs: spoil(o), losses: l))
                case .tangentKernel(let m, let s, let v): try deliver(.tangentKernel(members: m, step: s, values: spoil(v)))
                case .jacobian(let m, let r, let v): try deliver(.jacobian(member: m, rows: r, values: spoil(v)))
                case .progress, .kernelRectangle: try deliver(block)
                case .weights(let m, let v): try deliver(.weights(members: m, values: spoil(v)))
                }
            }
        }
    }

    /// A single number that is off by 5 % fails every check in every precision; the reference itself passes in all of them.
    @Test(arguments: Precision.allCases)
    func everyCheckFindsAFault(_ precision: Precision) throws {
        for check in try CheckCatalogue.checks() {
            #expect(check.run(on: Faulty(precision: precision, relative: 0)).passed, "\(check.name)")
            let result = check.run(on: Faulty(precision: precision, relative: 0.05))
            #expect(!result.passed && result.message == nil, "\(result)")
        }
    }

    /// In float64 one part in 10^9 is found too.
    @Test func float64ChecksAreSharp() throws {
        for check in try CheckCatalogue.checks() {
            #expect(!check.run(on: Faulty(precision: .float64, relative: 1e-9)).passed, "\(check.name)")
        }
    }

    /// An engine that fails is a failed check with the reason, not a crash of the doctor.
    @Test func anEngineThatThrowsIsAFailedCheck() throws {
        let device = try #require(Device.all.first, "no OpenCL device: install pocl-opencl-icd")
        let context = try Context(device: device) { $0 == "clEnqueueNDRangeKernel" ? -5 : nil }
        let engine = try OpenCLEngine(context: context, precision: .float32, tuning: .portable)
        let result = Check(try CheckCatalogue.odd()[0], .outputs).run(on: engine)
        #expect(!result.passed)
        #expect(result.message?.contains("CL_OUT_OF_RESOURCES") ?? false)
    }
}
