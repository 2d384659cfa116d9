import ArgumentParser
import Checks
import Compute
import Engines
import Foundation
import OpenCL

/// `inflaton sweep-kernels`: for Oclgrind and the like; not listed.
struct SweepCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep-kernels", abstract: "Launches every kernel at a small size, for tools that watch accesses to memory.",
        discussion: "Prints the names of the kernels that were launched.", shouldDisplay: false)

    @Option(help: "The kind of devices whose kernels are launched: gpu or cpu.")
    var kernels: Device.Kind

    @Option(help: "The arithmetic.")
    var precision: Precision

    @Option(parsing: .unconditional, help: "Bytes of the longest vectors; those of the kind of devices otherwise.")
    var vectorBytes: Int?

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        guard let device = try Device.select(nil, environment: ProcessInfo.processInfo.environment) else {
            throw OpenCLError.noSuchDevice(asked: "any", available: [])
        }
        let choice = KernelChoice(kind: kernels, vectorBytes: vectorBytes)
        print(try KernelSweep.run(on: device, choice: choice, precision: precision).joined(separator: "\n"))
    }
}

extension Device.Kind: ExpressibleByArgument {}
