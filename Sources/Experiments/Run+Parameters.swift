import Arrays
import Engines
import Figures
import Networks
import Runs

/// What experiments sort their runs by.
extension Run {
    var activation: Activation { architecture.activation }
    var depth: Int { architecture.depth }
    /// That of the first hidden layer.
    var width: Int { architecture.widths[0] }
    /// α of points from −α to α.
    var halfInterval: Double { inputs.values[inputs.values.count - 1] }
    /// n of the power that is minimised; 0 for another loss or none.
    var degree: Int { if case .evenPower(let degree) = training?.loss.shape { degree } else { 0 } }
    /// 0 for weights that were given.
    var seed: UInt64 { if case .seed(let seed) = source { seed } else { 0 } }
}

extension [Run] {
    /// The columns of tables that say which networks these are.
    var columns: [(name: String, values: CSVTable.Column)] {
        [
            ("activation", .words(map(\.activation.name))), ("depth", .integers(map(\.depth))), ("width", .integers(map(\.width))),
            ("sigmaW", .numbers(map(\.sigmaW))),
        ]
    }
}

/// σ_b and the points from −α to α, which decide how the modes of a kernel compare. With the paper's dictionary η = 1/9, γ = 0 gives
/// H = 1, so that α is in Hubble lengths.
struct IntervalSetting: Hashable, Sendable {
    let sigmaB: Double
    let alpha: Double
    var label: String { "σ_b = \(Claim.number(sigmaB)), α = \(Claim.number(alpha))" }
}

extension Sequence {
    /// The different values of a property, in the order in which they come.
    func distinct<Value: Hashable>(_ value: (Element) throws -> Value) rethrows -> [Value] {
        var seen: Set<Value> = []
        return try map(value).filter { seen.insert($0).inserted }
    }
}
