import ArgumentParser
import Engines
import OpenCL

/// `inflaton doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Devices, drivers and precisions, and every kernel checked against the reference.",
        discussion: "The last line is 'N passed, N failed'; the exit code is 1 if any check failed.")

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        device.limitThreads()
        let devices = Device.all.map(DeviceSummary.init)
        if devices.isEmpty {
            console.warn(
                "no OpenCL driver was found, so only the reference engine is checked; "
                    + "install a GPU driver with OpenCL, or pocl-opencl-icd to compute on the CPU (apt-get install pocl-opencl-icd)")
        }
        let text = devices.map(\.listing).joined(separator: "\n")
        try console.finish(
            "doctor", provenance: Provenance(parameters: [:], engine: nil), dryRun: common.dryRun, result: ["devices": devices], text: text)
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
