import ArgumentParser
import Arrays
import Checks
import Compute
import Engines
import OpenCL

struct DoctorCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Devices, drivers and precisions, and every kernel checked against the reference.",
        discussion: """
            Checks what each device does by default, its other precisions on one network, and the reference engine. A failed check is \
            printed when it is met, and again at the end. The last line is 'N passed, N failed'; the exit code is 1 if any check failed. \
            Without an OpenCL driver the reference engine is checked alone, with a warning; where --device or --precision ask for a \
            device that is not there, the exit code is 69.
            """)

    @Flag(
        help: ArgumentHelp(
            "Check everything: every precision on all networks, and kernels that a device runs only when asked.",
            discussion: "With PoCL, which compiles all kernels in a first run, that takes two to three times as long as without."))
    var all = false

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        let console = common.console
        Interruption.listen()
        console.warnOfUnused(["--force"], because: "doctor writes no files")
        device.threads.limit()
        let devices = Device.all
        if devices.contains(where: \.keepsPrograms), let note = ProgramStorage.current.note { console.warn(note) }
        let patients = try patients(devices), engines = patients.map(\.engine)
        if devices.isEmpty { console.warn("only the reference engine is checked, because \(InstalledDrivers.absence())") }
        console.attend(engines)
        for warning in engines.compactMap({ ($0 as? OpenCLEngine)?.tuningState.warnings }).joined() { console.warn(warning) }
        let doctor = try Doctor(patients)
        let progress = console.progress("checking", of: doctor.count, unit: "checks")
        var done = 0
        let report =
            common.dryRun
            ? DoctorReport()
            : try doctor.run { finding in
                try Interruption.check()
                done += 1
                if !finding.result.passed {
                    progress.finish()
                    Console.writeToStandardError("inflaton: \("\(finding.engine.device): \(finding.result)".printableLines)\n")
                }
                progress.update(done)
            }
        progress.finish()
        let summary = DoctorSummary(
            devices: devices.map(DeviceSummary.init), engines: engines.map(\.description), checks: report.findings, passed: report.passed,
            failed: report.failed, tuning: engines.map { ($0 as? OpenCLEngine).map { "\($0.tuningState)" } })
        try console.finish(
            "doctor", provenance: Provenance(parameters: device.parameters, engine: nil), dryRun: common.dryRun, result: summary,
            text: summary.text(dryRun: common.dryRun, planned: doctor.count))
        if report.failed > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// The engines to check, and how much of each: every device and the reference engine, or what was asked for.
    private func patients(_ devices: [Device]) throws -> [(engine: any Engine, extent: CheckExtent)] {
        if let asked = device.device {
            guard asked.lowercased() != "reference" else {
                return [(try EngineChoice.select(asked, precision: device.precision).engine, .all)]
            }
            return try Device.select(asked, environment: [:]).map(patients) ?? []
        }
        let able = devices.filter { device.precision ?? .float32 == .float32 || $0.supportsDouble }
        let host: [(engine: any Engine, extent: CheckExtent)] =
            device.precision ?? .float64 == .float64 ? [(ReferenceEngine(), .all)] : []
        let all = try able.flatMap(patients) + host
        if all.isEmpty, let precision = device.precision {
            throw EngineError.unsupported(
                precision: precision, device: "this machine",
                remedy: devices.isEmpty ? InstalledDrivers.absence() : "leave --precision out, or use float32")
        }
        return all
    }

    /// A device's engines, that of its default precision first.
    private func patients(on device: Device) throws -> [(engine: any Engine, extent: CheckExtent)] {
        let context = try Context(device: device)
        if let precision = self.device.precision {
            return [(try OpenCLEngine(context: context, precision: precision), all ? .all : .usual)]
        }
        let usual = try OpenCLEngine(context: context)
        let others = Precision.allCases.filter { $0 != usual.description.precision && ($0 == .float32 || device.supportsDouble) }
        return try [(usual, all ? .all : .usual)]
            + others.map { (try OpenCLEngine(context: context, precision: $0), all ? .all : .brief) }
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
