import Arrays
import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// The arithmetics that every result is tested in. A machine without an OpenCL device fails the tests: PoCL makes any machine one.
enum TestEngine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case reference, float64, mixed, float32

    static let double: [TestEngine] = [.reference, .float64]
    static let openCL: [TestEngine] = [.float64, .mixed, .float32]

    var testDescription: String { rawValue }

    var precision: Precision { Precision(rawValue: rawValue) ?? .float64 }

    /// One engine of each kind for all tests, so that programs are built once.
    func engine() throws -> any Engine {
        switch self {
        case .reference: ReferenceEngine()
        case .float64: try Self.shared64.get()
        case .mixed: try Self.sharedMixed.get()
        case .float32: try Self.shared32.get()
        }
    }

    private static let shared64 = Result { try make(.float64) }
    private static let shared32 = Result { try make(.float32) }
    // In the context of float32, whose programs it uses.
    private static let sharedMixed = Result { try OpenCLEngine(context: shared32.get().context, precision: .mixed, tuning: .portable) }

    /// An engine of its own, on the device that INFLATON_DEVICE names or on the best one, never with parameters that somebody has tuned.
    static func make(
        _ precision: Precision, memoryLimit: Int? = nil, blockBytes: Int? = nil, trainingMethod: TrainingMethod? = nil,
        choice: KernelChoice = KernelChoice(), tuning: TuningTable = .portable, faultHook: Context.FaultHook? = nil
    ) throws -> OpenCLEngine {
        guard let device = try Device.select(nil, environment: ProcessInfo.processInfo.environment) else {
            throw OpenCLError.noSuchDevice(asked: "any", available: [])
        }
        let context = try Context(device: device, faultHook: faultHook)
        return try OpenCLEngine(
            context: context, precision: precision, memoryLimit: memoryLimit, blockBytes: blockBytes, trainingMethod: trainingMethod,
            choice: choice, tuning: tuning)
    }
}

/// The largest |a − b|, and infinity for arrays of different length or a NaN.
func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { worst, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(worst, difference)
    }
}

/// The largest |a|.
func size(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }

/// Whether two arrays are the same to the last bit; NaNs are equal to themselves.
func identical(_ a: [Double], _ b: [Double]) -> Bool { a.map(\.bitPattern) == b.map(\.bitPattern) }

/// Whether everything two runs delivered is the same to the last bit.
func identical(_ a: CollectedResults, _ b: CollectedResults) -> Bool {
    func all(_ x: [[Double]], _ y: [[Double]]) -> Bool { x.count == y.count && zip(x, y).allSatisfy { identical($0, $1) } }
    func same(_ x: CollectedResults.LastFinite?, _ y: CollectedResults.LastFinite?) -> Bool {
        x?.step == y?.step && identical(x.map { $0.outputs + [$0.loss] } ?? [], y.map { $0.outputs + [$0.loss] } ?? [])
    }
    return a.lastFinite.count == b.lastFinite.count && zip(a.lastFinite, b.lastFinite).allSatisfy(same)
        && all(a.outputs, b.outputs) && all(a.losses, b.losses) && all(a.jacobians, b.jacobians) && all(a.weights, b.weights)
        && a.tangentKernels.count == b.tangentKernels.count
        && zip(a.tangentKernels, b.tangentKernels).allSatisfy { x, y in
            x.keys.sorted() == y.keys.sorted() && x.allSatisfy { step, kernel in identical(kernel, y[step] ?? []) }
        }
}
