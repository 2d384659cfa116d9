import ArgumentParser
import Checks
import Engines
import OpenCL

/// `inflaton doctor`.
struct DoctorCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Devices, drivers and precisions, and every kernel checked against the reference.",
        discussion: "The last line is 'N passed, N failed'; the exit code is 1 if any check failed.")

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        let console = common.console
        Interruption.listen()
        console.warnOfUnused(["--force"], because: "doctor writes no files")
        device.threads.limit()
        let all = Device.all
        Interruption.reclaim()
        if all.isEmpty {
            console.warn("only the reference engine is checked, because \(InstalledDrivers.absence())")
        }
        if all.contains(where: \.keepsPrograms), let note = ProgramStorage.current.note { console.warn(note) }
        let engines = try engines(all)
        DriverCrash.listen(on: engines)
        for warning in engines.compactMap({ ($0 as? OpenCLEngine)?.tuningState.warnings }).joined() { console.warn(warning) }
        let planned = try Doctor.checkCount(for: engines)
        let progress = console.progress("checking", of: planned, unit: "checks")
        let report =
            common.dryRun
            ? DoctorReport()
            : try Doctor.run(engines) { done in
                try Interruption.check()
                progress.update(done)
            }
        progress.finish()
        let summary = DoctorSummary(
            devices: all.map(DeviceSummary.init), engines: engines.map(\.description), checks: report.findings, passed: report.passed,
            failed: report.failed, tuning: engines.map { ($0 as? OpenCLEngine).map { "\($0.tuningState)" } })
        try console.finish(
            "doctor", provenance: Provenance(parameters: device.parameters, engine: nil), dryRun: common.dryRun, result: summary,
            text: summary.text(dryRun: common.dryRun, planned: planned))
        if report.failed > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// The engines to check: every device in every precision that it has and the reference engine, or those that were asked for.
    private func engines(_ devices: [Device]) throws -> [any Engine] {
        if device.device != nil {
            guard device.precision == nil, let asked = try Self.openCLDevice(device.device) else {
                return [try EngineChoice.select(device.device, precision: device.precision).engine]
            }
            return try Self.engines(on: asked, precisions: Precision.allCases)
        }
        return try devices.flatMap { try Self.engines(on: $0, precisions: device.precision.map { [$0] } ?? Precision.allCases) }
            + (device.precision ?? .float64 == .float64 ? [ReferenceEngine()] : [])
    }

    private static func openCLDevice(_ request: String?) throws -> Device? {
        request?.lowercased() == "reference" ? nil : try Device.select(request, environment: [:])
    }

    private static func engines(on device: Device, precisions: [Precision]) throws -> [any Engine] {
        let context = try Context(device: device)
        return try precisions.filter { $0 == .float32 || device.supportsDouble }.map { try OpenCLEngine(context: context, precision: $0) }
    }
}

/// What `inflaton doctor` says.
struct DoctorSummary: Encodable {
    let devices: [DeviceSummary]
    let engines: [EngineDescription]
    let checks: [DoctorReport.Finding]
    let passed: Int
    let failed: Int
    /// Of each engine; nil for one without kernels.
    let tuning: [String?]

    func text(dryRun: Bool, planned: Int) -> String {
        var parts = devices.map(\.listing)
        for (engine, tuning) in zip(engines, tuning) where !dryRun {
            let own = checks.filter { $0.engine == engine }
            parts.append(
                "\(engine)\n  \(own.count { $0.result.passed }) of \(own.count) checks passed\n"
                    + (tuning.map { "  parameters of kernels: \($0)\n" } ?? ""))
        }
        parts += checks.filter { !$0.result.passed }.map { "\($0.engine.device): \($0.result)\n" }
        return parts.joined(separator: "\n") + "\n" + (dryRun ? "would make \(planned) checks" : "\(passed) passed, \(failed) failed")
    }
}

/// What `inflaton doctor` says of a device.
struct DeviceSummary: Encodable {
    let index: Int
    let name: String
    let kind: String
    let vendor: String
    let platform: String
    let driver: String
    let openCL: String
    let precisions: [Precision]
    let computeUnits: Int
    let memoryBytes: Int
    let largestAllocationBytes: Int
    let localMemoryBytes: Int

    init(_ device: Device) {
        index = device.id
        name = device.name
        kind = device.kind.rawValue
        vendor = device.vendor
        platform = device.platform
        driver = device.driverVersion
        openCL = device.deviceVersion
        precisions = device.supportsDouble ? Precision.allCases : [.float32]
        computeUnits = device.computeUnits
        memoryBytes = device.globalMemoryBytes
        largestAllocationBytes = device.maximumAllocationBytes
        localMemoryBytes = device.localMemoryBytes
    }

    var listing: String {
        var listing = Listing()
        listing.add("device \(index)", "\(name) (\(kind))")
        listing.add("  driver", "\(platform) \(driver), \(openCL)")
        listing.add("  precision", precisions.map(\.rawValue).joined(separator: ", "))
        listing.add("  compute units", "\(computeUnits)")
        listing.add(
            "  memory",
            "\(NumberText.bytes(memoryBytes)), at most \(NumberText.bytes(largestAllocationBytes)) at once, "
                + "\(NumberText.bytes(localMemoryBytes)) local")
        return listing.text
    }
}
