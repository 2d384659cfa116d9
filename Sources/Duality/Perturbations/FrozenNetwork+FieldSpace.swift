import Networks

extension FrozenNetwork {
    /// The same network with Θ_ab(x, x′) replaced by (1/C) Σ_c Θ_cc(x, x′) δ_ab: the simplification in which the outputs are fields
    /// of one kinetic term that do not see each other, to compare with the full Θ_ab, whose inverse is the metric on the
    /// space of fields. The same for one output. Both meet for infinite width, with an error of 1/√width here and 1/width in full.
    public var isotropic: FrozenNetwork {
        get throws(DualityError) {
            let (width, order) = (fields / points, fields)
            var kernel = [Double](repeating: 0, count: order * order)
            for n in 0..<points {
                for m in 0..<points {
                    var trace = 0.0
                    for c in 0..<width { trace += tangentKernel[(n * width + c) * order + m * width + c] }
                    for c in 0..<width { kernel[(n * width + c) * order + m * width + c] = trace / Double(width) }
                }
            }
            return try FrozenNetwork(
                outputs: outputs, tangentKernel: kernel, points: points, loss: loss, schedule: schedule, steps: steps)
        }
    }

    /// max |Θ_ab(x, x)|, a ≠ b, over ⟨Θ_aa(x, x)⟩: how far the outputs of one point are from independent fields; 0 for one output.
    /// It falls as 1/√width.
    public var outputMixing: Double {
        let (width, order) = (fields / points, fields)
        var (greatest, trace) = (0.0, 0.0)
        for row in 0..<order {
            trace += tangentKernel[row * order + row]
            let first = row / width * width
            for column in first..<first + width where column != row {
                greatest = max(greatest, abs(tangentKernel[row * order + column]))
            }
        }
        return greatest == 0 ? 0 : greatest / (trace / Double(order))
    }
}
