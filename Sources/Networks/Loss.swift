/// The loss of one network on its data: L = (1/N) Σ_x Σ_c l(f_c(x)), or (1/N) Σ_x l(f(x)) of one that couples the outputs.
///
/// `shape` is what changes the code; `scale` and `anchors` are data.
public struct Loss: Sendable, Hashable, Codable {
    /// The pointwise function l up to its scale and its anchor.
    public let shape: LossShape
    /// s, the factor in front. Finite.
    public let scale: Double
    /// What the outputs are compared with: f_min, the targets, or v.
    public let anchors: Anchors

    /// What u is measured from in l(f).
    public enum Anchors: Sendable, Hashable, Codable {
        /// One value for all outputs, or one per output.
        case perOutput([Double])
        /// A target for every point and output, (N, C) in row-major order.
        case perPoint([Double])
    }

    /// A loss of that shape.
    /// - Throws: `NetworkError` for a scale or an anchor that is not finite, or no anchor at all.
    public init(shape: LossShape, scale: Double, anchors: Anchors) throws(NetworkError) {
        guard scale.isFinite else { throw .notFinite(what: "the loss scale", position: "--scale") }
        let values =
            switch anchors {
            case .perOutput(let v), .perPoint(let v): v
            }
        guard !values.isEmpty else {
            throw .shapeMismatch(what: "the loss minima", found: "(0)", expected: "at least one value", remedy: "give --minimum")
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(what: "the loss minima or targets", position: "element \(bad)")
        }
        self.shape = shape
        self.scale = scale
        self.anchors = anchors
    }

    /// s (f − f_min)^n (KS eq. 28).
    public static func power(degree: Int = 2, scale: Double, minimum: Double) throws(NetworkError) -> Loss {
        try Loss(shape: LossShape.power(degree: degree), scale: scale, anchors: .perOutput([minimum]))
    }

    /// The anchors of all points and outputs, (N, C) in row-major order.
    /// - Throws: `NetworkError.shapeMismatch` if they fit neither the outputs nor the points.
    public func anchors(points: Int, outputs: Int) throws(NetworkError) -> [Double] {
        if let coupling = shape.coupling, coupling.outputs != outputs {
            throw .shapeMismatch(
                what: "the coupling of the loss", found: "(\(coupling.outputs))", expected: "(\(outputs))",
                remedy: "write it for the \(outputs) outputs")
        }
        switch anchors {
        case .perOutput(let values):
            guard values.count == 1 || values.count == outputs else {
                throw .shapeMismatch(
                    what: "the list of minima", found: "(\(values.count))", expected: "(1) or (\(outputs))",
                    remedy: "give one minimum, or one for each of the \(outputs) outputs")
            }
            return (0..<points * outputs).map { values.count == 1 ? values[0] : values[$0 % outputs] }
        case .perPoint(let values):
            guard values.count == points * outputs else {
                throw .shapeMismatch(
                    what: "the array of targets", found: "(\(values.count) elements)", expected: "(\(points), \(outputs))",
                    remedy: "give one target for each point and output")
            }
            return values
        }
    }
}
