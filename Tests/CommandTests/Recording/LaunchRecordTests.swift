import TestSupport
import Testing

/// The record itself, and what can be said of a GPU without one.
@Suite struct LaunchRecordTests {
    /// A GPU's kernels give the reference's numbers where a CPU runs them.
    @Test func doctorPassesOnAPretendedGPU() throws {
        let (command, record) = try LaunchRecorder().run(["doctor", "--device", "gpu", "--precision", "float32", "--json"])
        let report = try command.json()
        #expect(command.status == 0, "\(command.errors)\(command.output.suffix(2000))")
        let devices = try #require(report["devices"] as? [[String: Any]])
        #expect(devices.allSatisfy { $0["kind"] as? String == "gpu" && $0["computeUnits"] as? Int == 132 })
        // Every launch is of a source that was written down, with the names that the source has.
        #expect(record.launches.count > 100 && record.sources.count > 10)
        for launch in record.launches {
            let source = try #require(record.sources[launch.program])
            #expect(source.text.contains("\(launch.kernel)("), "\(launch)")
            #expect(!launch.local.isEmpty && launch.arguments.allSatisfy { source.text.contains($0.name) && !$0.name.isEmpty }, "\(launch)")
        }
    }

    /// Layered training: what a step more asks of the device.
    @Test func aStepOfATrainingLaunchesKernelsAndWaitsForNothing() throws {
        let few = try evolve(steps: 8), more = try evolve(steps: 16)
        let launches = Double(more.launches.count - few.launches.count) / 8
        #expect(launches > 0 && launches <= 5 * 2, "\(more.launchesByKernel)")
        let repeated = Set(more.launchesByKernel.filter { few.launchesByKernel[$0.key] != $0.value }.keys)
        #expect(repeated.contains("update"), "\(repeated)")
        // A checkpoint after twice as many steps.
        #expect(more.waits.count <= few.waits.count + 1, "\(more.waits(amid: repeated))")
    }

    private func evolve(steps: Int) throws -> LaunchRecord {
        var recorder = LaunchRecorder()
        recorder.skipsLaunches = true
        return try TemporaryFolder.with { folder in
            let network = ["--width", "2048", "--depth", "2", "--steps", "\(steps)"]
            let run = try recorder.run(
                ["evolve", "--output", folder.file("out"), "--device", "gpu", "--precision", "float32"] + network)
            #expect(run.command.status == 0, "\(run.command.errors)")
            return run.record
        }
    }
}
