import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import TestSupport
import Testing

/// Stored tables of tuning parameters, and engines that use them.
@Suite struct TuningTests {
    private let temporary: TemporaryFolder
    private let device: Device

    private var folder: URL { temporary.url }

    init() throws {
        temporary = try TemporaryFolder()
        device = try #require(try Device.select(nil, environment: ProcessInfo.processInfo.environment), "install pocl-opencl-icd")
    }

    private var store: TuningStore { TuningStore(directory: folder, device: device, precision: .float32, kernels: TunableKernel.networks) }

    /// An engine whose context keeps its programs, and so its tuning, in the folder.
    private func engine(_ precision: Precision = .float32, _ environment: [String: String] = [:]) throws -> OpenCLEngine {
        let context = try Context(device: device, cache: ProgramCache(directory: folder))
        return try OpenCLEngine(context: context, precision: precision, environment: environment)
    }

    private func edit(_ change: (inout [String: Any]) -> Void) throws {
        let url = URL(filePath: store.path)
        var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        change(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: url)
    }

    /// Replaces a member of a kernel's row, or of its parameters.
    private func edit(_ kernel: String, _ member: String, _ value: Any, inParameters: Bool = false) throws {
        try edit { object in
            var kernels = object["kernels"] as? [String: Any] ?? [:], row = kernels[kernel] as? [String: Any] ?? [:]
            if inParameters {
                var parameters = row["parameters"] as? [String: Any] ?? [:]
                parameters[member] = value
                row["parameters"] = parameters
            } else {
                row[member] = value
            }
            kernels[kernel] = row
            object["kernels"] = kernels
        }
    }

    /// Two tuned kernels, and one for which the portable row was found to be the best.
    private func saveThree() throws {
        try store.save(.init(.tangent, parameters: ["tangentRows": 2], ratio: 0.9, version: Version.current), for: .tangent)
        try store.save(.init(.update, parameters: ["panelSums": 10], ratio: 0.8, version: Version.current), for: .update)
        try store.save(.init(.train, parameters: [:], ratio: 1, version: Version.current), for: .train)
    }

    @Test func isReadAsItWasWritten() throws {
        #expect(store.load().entries.isEmpty && store.load().warnings.isEmpty)
        try saveThree()
        let contents = store.load()
        #expect(contents.warnings.isEmpty && contents.stale.isEmpty)
        #expect(contents.table == TuningTable([.tangent: ["tangentRows": 2], .update: ["panelSums": 10], .train: [:]]))
        #expect(contents.entries[.update]?.ratio == 0.8 && contents.entries[.update]?.version == Version.current)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
        #expect(try store.forget())
        #expect(try !store.forget())
        #expect(store.load().entries.isEmpty)
    }

    /// The description names the table, so that a scan does not mix its results with others.
    @Test func enginesUseItAndSayIt() throws {
        let portable = try engine().description
        #expect(!portable.driver.contains("tuned"))
        try saveThree()
        let tuned = try engine(), digest = try #require(tuned.tuningState.digest)
        #expect(tuned.description.driver == portable.driver + ", tuned \(digest)")
        #expect("\(tuned.tuningState)" == "tuned \(digest): tangent, update")
        #expect(try engine().description == tuned.description)
        #expect(try engine(.float32, ["INFLATON_TUNING": "stored"]).description == tuned.description)
        // Switched off; for another precision; another table; the portable values by another way.
        #expect(try engine(.float32, ["INFLATON_TUNING": "portable"]).description == portable)
        if device.supportsDouble { #expect(try engine(.float64).tuningState.digest == nil) }
        try edit("update", "panelSums", 12, inParameters: true)
        let other = try #require(try engine().tuningState.digest)
        #expect(other != digest)
        for kernel in [TunableKernel.update, .tangent] {
            try store.save(
                .init(kernel, parameters: TuningTable.portableValues(of: kernel, on: device), ratio: 1, version: Version.current),
                for: kernel)
        }
        #expect(try engine().description == portable)
        let unknown = try engine(.float32, ["INFLATON_TUNING": "fast"])
        #expect(unknown.tuningState.digest == nil && unknown.tuningState.warnings.count == 1)
        #expect(unknown.tuningState.warnings[0].contains("'fast'") && unknown.tuningState.warnings[0].contains("'portable'"))
    }

    @Test(arguments: ["", "{", "[1]", "{}", #"{"format": 1}"#, #"{"format": 1, "identity": 3, "kernels": {}}"#, "tuning"])
    func damagedFilesAreWarnedOf(text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: store.path))
        let state = try engine().tuningState
        #expect(state.digest == nil && state.warnings.count == 1)
        #expect(state.warnings[0].contains(store.path) && state.warnings[0].contains("--forget"))
        // A new result replaces what cannot be read.
        try saveThree()
        #expect(store.load().entries.count == 3 && store.load().warnings.isEmpty)
    }

    static let wrong: [(kernel: String, parameter: String, value: any Sendable, limit: String)] = [
        ("tangent", "tangentRows", 3, "a power of two from 1 to 16"), ("tangent", "tangentRows", 32, "from 1 to 16"),
        ("tangent", "tangentRows", "big", "from 1 to 16"), ("tangent", "tangentRows", 1.5, "from 1 to 16"),
        ("tangent", "itemsPerUnit", 0, "from 1 to 65536"), ("tangent", "itemsPerUnit", -4, "from 1 to 65536"),
        ("tangent", "itemsPerUnit", 1e30, "from 1 to 65536"), ("tangent", "groupSize", 2000, "from 1 to 1024"),
        ("forward", "panelSums", 2, "from 3 to 64"), ("forward", "panelChunk", 0, "from 1 to"),
        ("forward", "forwardBlock", 0, "at least 1"), ("forward", "stagedBlock", -1, "from 0 to 4096"),
        ("backward", "backwardBlock", [1], "at least 1"), ("train", "sampleTile", 0, "from 1 to 16"),
        ("train", "sampleTile", 17, "from 1 to 16"),
    ]

    @Test(arguments: wrong.indices) func wrongValuesAreWarnedOf(index: Int) throws {
        let (name, parameter, value, limit) = Self.wrong[index]
        let kernel = try #require(TunableKernel.networks.first { $0.name == name })
        try store.save(.init(.update, parameters: ["panelSums": 10], ratio: 0.8, version: Version.current), for: .update)
        try store.save(.init(kernel, parameters: [:], ratio: 1, version: Version.current), for: kernel)
        try edit(name, parameter, value, inParameters: true)
        let state = try engine().tuningState
        #expect(state.warnings.count == 1)
        let warning = try #require(state.warnings.first)
        #expect(warning.contains(store.path) && warning.contains("\(parameter) of \(name) is") && warning.contains(limit), "\(warning)")
        // The other kernel's row is used.
        #expect(state.table == TuningTable([.update: ["panelSums": 10]]) && state.digest != nil)
    }

    /// A strip is copied by work-groups of one work-item, and must fit local memory.
    @Test func valuesThatDoNotGoTogetherAreRefused() throws {
        func refusal(_ values: [String: Int]) -> TuningError? {
            #expect(throws: TuningError.self) { try TuningTable([.forward: values]).validate(on: device, precision: .float32) }
        }
        #expect(refusal(["stagedBlock": 32, "groupSize": 2])?.parameter == "stagedBlock")
        let most = device.localMemoryBytes / (4 * 32)
        if most < 4096 {
            let error = refusal(["stagedBlock": most + 1, "panelSums": 64, "groupSize": 1])
            #expect(error?.limit.contains("\(most)") ?? false)
        }
        if !device.hasTensorCores {
            #expect(refusal(["splitsProducts": 1])?.limit.contains("0 without tensor cores") ?? false)
        }
        #expect(throws: TuningError.self) { try TestEngine.make(.float32, tuning: TuningTable([.update: ["panelSums": 100]])) }
    }

    @Test func rowsForOtherSourcesAreStale() throws {
        try saveThree()
        try edit("update", "sources", "0123456789abcdef")
        let state = try engine().tuningState
        #expect(state.warnings.isEmpty && state.stale == [.update] && state.table.values[.update] == nil)
        #expect("\(state)".hasSuffix(": tangent; portable again since the sources changed: update"), "\(state)")
    }

    /// A table is found by device, driver and precision; one that was copied from another is not used.
    @Test func otherDevicesHaveOtherTables() throws {
        try saveThree()
        let driver = "\(device.platform) \(device.driverVersion)"
        for (name, driver) in [("another", driver), (device.name, driver + ".1")] {
            let other = TuningStore(
                directory: folder, device: device, precision: .float32, kernels: TunableKernel.networks,
                identity: .init(device: name, driver: driver, precision: .float32))
            #expect(other.path != store.path && other.load().entries.isEmpty && other.load().warnings.isEmpty)
            try FileManager.default.copyItem(atPath: store.path, toPath: other.path)
            #expect(other.load().entries.isEmpty && other.load().warnings.count == 1)
            #expect(other.load().warnings[0].contains(name))
        }
    }

    @Test func unknownNamesAreIgnoredAndMissingOnesPortable() throws {
        try store.save(.init(.update, parameters: ["panelChunk": 1], ratio: 0.9, version: Version.current), for: .update)
        try edit("update", "colour", "red", inParameters: true)
        try edit("update", "remark", ["tried": "twice"])
        try edit("tomorrow", "sources", "0")
        let state = try engine().tuningState
        #expect(state.warnings.isEmpty && state.stale.isEmpty && state.table == TuningTable([.update: ["panelChunk": 1]]))
    }

    /// Extreme rows: small and odd ones, and large ones.
    static let rows: [[TunableKernel: [String: Int]]] = [
        [
            .forward: ["panelSums": 3, "panelChunk": 1, "forwardBlock": 1, "stagedBlock": 0, "itemsPerUnit": 1],
            .backward: ["panelSums": 3, "panelChunk": 1, "backwardBlock": 3, "itemsPerUnit": 1],
            .update: ["panelSums": 3, "panelChunk": 1, "itemsPerUnit": 1], .tangent: ["tangentRows": 1, "itemsPerUnit": 1],
            .train: ["sampleTile": 3],
        ],
        [
            .forward: [
                "panelSums": 29, "panelChunk": 1000, "forwardBlock": 7, "stagedBlock": 5, "groupSize": 1, "itemsPerUnit": 999,
            ],
            .backward: ["panelSums": 27, "panelChunk": 3, "backwardBlock": .max, "itemsPerUnit": 999],
            .update: ["panelSums": 29, "panelChunk": 3, "itemsPerUnit": 999], .tangent: ["tangentRows": 16, "itemsPerUnit": 999],
            .train: ["sampleTile": 8],
        ],
    ]

    /// Several panels of points and of rows, and a rest in every tile.
    static let problem = Result {
        Problem(try Architecture(inputs: 3, widths: [33, 20], outputs: 2, activation: .tanh), points: 19, members: 2, steps: 3, seed: 5)
    }

    /// Other parameters change programs and the order of sums, and results stay within the bounds of rounding.
    @Test(arguments: [(TestEngine.float32, 0), (.float32, 1), (.float64, 0)])
    func resultsStayWithinTheirBounds(engine kind: TestEngine, row: Int) throws {
        let table = TuningTable(Self.rows[row]), problem = try Self.problem.get()
        for method in [TrainingMethod.members, .layers] {
            let engine = try TestEngine.make(kind.precision, trainingMethod: method, tuning: table)
            for quantity in Check.Quantity.allCases where method == .members || quantity == .training {
                let result = Check(problem, quantity).run(on: engine)
                #expect(result.passed, "\(result)")
            }
        }
    }

    /// Every kernel has a row of its own: changing that of one leaves the programs of all others as they are.
    @Test func eachKernelReadsItsOwnRow() throws {
        let context = try Context(device: device, cache: nil)
        func programs(_ table: TuningTable) throws -> Int {
            let before = context.counters.programsCompiled
            let problem = try Self.problem.get(), ensemble = try problem.ensemble()
            for method in [TrainingMethod.members, .layers] {
                let engine = try OpenCLEngine(context: context, precision: .float32, trainingMethod: method, tuning: table)
                for quantity in [Check.Quantity.kernelByGram, .kernelByJacobian, .training] {
                    _ = try CollectedResults(engine, ensemble, Check(problem, quantity).job)
                }
            }
            return context.counters.programsCompiled - before
        }
        #expect(try programs(.portable) > 0)
        #expect(try programs(.portable) == 0)
        // The programs that a kernel has in this problem: of layers of 33, 20 and 2 units; the fused training is left out on other devices.
        let changed: [(TunableKernel, [String: Int], Int)] = [
            (.forward, ["panelSums": 10], 3), (.backward, ["panelSums": 10], 3), (.update, ["panelSums": 10], 3),
            (.tangent, ["tangentRows": 2], 2), (.train, ["sampleTile": 2], 1),
        ]
        for (kernel, values, most) in changed where device.kind == .cpu || kernel != .train {
            let count = try programs(TuningTable([kernel: values]))
            #expect(count >= 1 && count <= most, "\(kernel): \(count)")
        }
    }
}
