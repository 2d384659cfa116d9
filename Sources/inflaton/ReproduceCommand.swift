import ArgumentParser
import Engines
import Experiments
import Foundation
import Report
import Scans

/// `inflaton reproduce`.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce", abstract: "The paper's figures and claims on real networks, each with a measured number and a verdict.")

    @Option(help: "1, 2 or 3; may be repeated. Default: all.")
    var figure: [Int] = []

    @Flag(help: "A stated subset of each grid.")
    var quick = false

    @Option(help: "The first of the seeds.")
    var seed: UInt64 = 0

    @Option(name: [.short, .long], help: "The folder to write.")
    var output = "reproduction"

    @Flag var force = false

    @OptionGroup var device: DeviceOptions

    func run() throws {
        let choice = try EngineChoice.select(device.device, precision: device.precision)
        let scheduler = Scheduler(engine: choice.engine, store: MemoryStore())
        var figures: [Figure] = [], claims: [Claim] = []
        for number in figure.isEmpty ? ExperimentRegistry.figures : figure {
            guard let experiment = ExperimentRegistry.figure(number, quick: quick, seed: seed) else { throw ValidationError("no figure \(number)") }
            let start = Date()
            _ = try experiment.compute(on: scheduler) { p in
                FileHandle.standardError.write(Data("\(experiment.id) \(p.done)/\(p.total) \(p.diverged) diverged \(Date().timeIntervalSince(start))\n".utf8))
                return true
            }
            let computed = Date()
            let report = try experiment.report(known: scheduler.store.result(for:))
            FileHandle.standardError.write(Data("computed \(computed.timeIntervalSince(start)) report \(Date().timeIntervalSince(computed))\n".utf8))
            figures += report.figures
            claims += report.claims
        }
        print(ClaimsTable().render(claims))
        _ = try ReportWriter().write(figures: figures, claims: claims, provenance: [:], to: URL(filePath: output), overwrite: force)
    }
}
