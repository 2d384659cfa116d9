import Foundation
import TestSupport

/// What a process asked of OpenCL, in its order, as `Tests/Support/record_launches.c` wrote it down.
struct LaunchRecord {
    /// A kernel that was enqueued.
    struct Launch {
        /// Its place among all events of the record.
        let number: Int
        let kernel: String
        /// Which of `sources` it is from.
        let program: Int
        /// Work-items in each dimension, in all and of a group.
        let global: [Int], local: [Int]
        let arguments: [Argument]

        /// Work-groups, in all and in each dimension.
        var groups: Int { groupsByDimension.reduce(1, *) }
        var groupsByDimension: [Int] { zip(global, local).map { $0 / $1 } }
        /// Work-items of a group.
        var groupSize: Int { local.reduce(1, *) }
        /// The argument for the parameter of that name in the source; nil if there is none.
        subscript(name: String) -> Argument? { arguments.first { $0.name == name } }
        /// Bytes of the buffers that it is given, each once: what it may touch at the most, if it reads no byte twice.
        var bufferBytes: Int {
            Dictionary(arguments.compactMap { argument in argument.buffer.map { ($0, argument.bytes) } }) { first, _ in first }.values
                .reduce(0, +)
        }
    }

    /// What a launch was given for one parameter.
    struct Argument: Decodable {
        let name: String
        /// Of the value, the whole buffer, or the local memory.
        let bytes: Int
        /// Which buffer, of all that were made; nil for a value and local memory.
        let buffer: Int?
        /// The first 8 bytes of a value.
        let bits: UInt64?

        var integer: Int? { bits.map { bytes == 4 ? Int(Int32(truncatingIfNeeded: $0)) : Int(Int64(bitPattern: $0)) } }
        var real: Double? {
            bits.map { bytes == 4 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) : Double(bitPattern: $0) }
        }
    }

    /// A copy between host and device, or on the device.
    struct Transfer {
        let number: Int
        let call: String
        let bytes: Int
    }

    /// A call in which the host waits until the device has done what it was given: a blocking transfer is one.
    struct Wait {
        let number: Int
        let call: String
    }

    /// A source and the options that it was built with.
    struct Source {
        let text: String
        let options: String
    }

    let launches: [Launch]
    let transfers: [Transfer]
    let waits: [Wait]
    /// By the number of the program.
    let sources: [Int: Source]

    /// Reads what was written to a folder.
    init(_ folder: TemporaryFolder) throws {
        struct Line: Decodable {
            let number: Int
            let event: String
            let call, kernel, options: String?
            let bytes, program: Int?
            let global, local: [Int]?
            let arguments: [Argument]?
        }
        var launches: [Launch] = [], transfers: [Transfer] = [], waits: [Wait] = [], sources: [Int: Source] = [:]
        for text in try folder.text("record.jsonl").split(separator: "\n") {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8)), number = line.number
            switch line.event {
            case "launch":
                launches.append(
                    Launch(
                        number: number, kernel: line.kernel ?? "", program: line.program ?? -1, global: line.global ?? [],
                        local: line.local ?? [], arguments: line.arguments ?? []))
            case "transfer": transfers.append(Transfer(number: number, call: line.call ?? "", bytes: line.bytes ?? 0))
            case "wait": waits.append(Wait(number: number, call: line.call ?? ""))
            case "program":
                guard let program = line.program, program >= 0 else { continue }
                sources[program] = Source(text: try folder.text("program-\(program).cl"), options: line.options ?? "")
            default: throw CocoaError(.fileReadCorruptFile, userInfo: [NSLocalizedDescriptionKey: "an unknown event: \(text)"])
            }
        }
        (self.launches, self.transfers, self.waits, self.sources) = (launches, transfers, waits, sources)
    }

    /// How often each kernel was launched.
    var launchesByKernel: [String: Int] { Dictionary(launches.map { ($0.kernel, 1) }, uniquingKeysWith: +) }

    /// The waits between the first and the last launch of a kernel whose name is in `kernels`: those that hold up its repetition.
    func waits(amid kernels: Set<String>) -> [Wait] {
        let numbers = launches.filter { kernels.contains($0.kernel) }.map(\.number)
        guard let first = numbers.first, let last = numbers.last else { return [] }
        return waits.filter { (first...last).contains($0.number) }
    }
}
