import Arrays
import Networks

/// A network with its tangent kernel frozen at the start of training: what a prediction may know of it.
///
/// With f (N, C) the outputs, Θ (NC, NC) the kernel and ⟨·⟩ the mean over the points,
/// the field theory is f″ + 3H f′ + (1/N) Θ l′(f) = 0 (KS eq. 9).
public struct FrozenNetwork: Sendable, Hashable {
    /// f(0), (N, C) in row-major order.
    public let outputs: [Double]
    /// Θ at the start, (N·C, N·C) in row-major order, rows and columns numbered as `outputs`; symmetric.
    public let tangentKernel: [Double]
    /// The same elements, with the modes that are computed of them once for all that is asked of the network.
    public let kernel: SymmetricMatrix
    /// N.
    public let points: Int
    public let loss: Loss
    /// What each output is compared with, (N, C) in row-major order.
    public let anchors: [Double]
    /// η_k and γ_k.
    public let schedule: Schedule
    /// Training steps K; trajectories have K + 1 rows.
    public let steps: Int
    /// How the kernel will change, for predictions that ask for it. Default: not known.
    public var couplings: FiniteWidthCouplings?
    /// df/dθ at the start, (N·C, P), which `frozen` needs for rules that are not linear in the gradient; nil where it is not known.
    public var jacobian: [Double]?

    /// N·C, the number of fields.
    public var fields: Int { outputs.count }

    /// A network whose initial outputs and kernel are known.
    /// - Throws: `DualityError` for sizes that do not belong together, values that are not finite, no points, or negative steps.
    public init(
        outputs: [Double], tangentKernel: [Double], points: Int, loss: Loss, schedule: Schedule, steps: Int
    ) throws(DualityError) {
        try self.init(
            outputs: outputs, kernel: SymmetricMatrix(tangentKernel, order: outputs.count), points: points, loss: loss,
            schedule: schedule, steps: steps)
    }

    /// A network whose kernel others look at as well: who asks for its modes first has them computed.
    /// - Throws: as the initialiser for elements.
    public init(
        outputs: [Double], kernel: SymmetricMatrix, points: Int, loss: Loss, schedule: Schedule, steps: Int
    ) throws(DualityError) {
        guard points >= 1, !outputs.isEmpty, outputs.count.isMultiple(of: points) else {
            throw .sizeMismatch(
                what: "the array of initial outputs", found: outputs.count, expected: max(1, points),
                remedy: "give the same number of outputs, at least one, for each of the \(points) points")
        }
        guard kernel.elements.count == outputs.count * outputs.count else {
            throw .sizeMismatch(
                what: "the tangent kernel", found: kernel.elements.count, expected: outputs.count * outputs.count,
                remedy: "give one row and one column for each of the \(outputs.count) outputs")
        }
        try DualityError.check(outputs, "the array of initial outputs")
        try DualityError.check(kernel.elements, "the tangent kernel")
        guard steps >= 0 else {
            throw .outOfRange(what: "the number of steps", value: Double(steps), limit: "at least 0", remedy: "use 200")
        }
        guard schedule.isConstant || schedule.learningRates.count >= steps else {
            throw .scheduleTooShort(schedule: schedule.learningRates.count, steps: steps)
        }
        do {
            anchors = try loss.anchors(points: points, outputs: outputs.count / points)
        } catch {
            throw .loss(error)
        }
        self.outputs = outputs
        self.kernel = kernel
        tangentKernel = kernel.elements
        self.points = points
        self.loss = loss
        self.schedule = schedule
        self.steps = steps
    }

    /// One output on one point, the homogeneous field of KS eq. 7.
    /// - Throws: as the general initialiser.
    public init(output: Double, tangentKernel: Double, loss: Loss, schedule: Schedule, steps: Int) throws(DualityError) {
        try self.init(
            outputs: [output], tangentKernel: [tangentKernel], points: 1, loss: loss, schedule: schedule, steps: steps)
    }

    /// ⟨Σ_c l(f_c)⟩ of outputs ordered as `outputs`.
    public func meanLoss(of fields: UnsafeBufferPointer<Double>) -> Double {
        anchors.withUnsafeBufferPointer { loss.shape.total(fields, anchors: $0, scale: loss.scale) } / Double(points)
    }

    /// L₁, the largest eigenvalue of Θ over the number of points; Θ₀ for one output on one point.
    /// - Throws: `DualityError.eigenproblem`.
    public func leadingEigenvalue() throws(DualityError) -> Double {
        try modes().values[0] / Double(points)
    }

    /// Θ₀ l(f₀), L₁ ⟨Σ_c l(f_c)⟩ at the start: the potential without V₀.
    /// - Throws: `DualityError.eigenproblem`.
    public func potential() throws(DualityError) -> Double {
        VacuumDomination.potential(
            leadingEigenvalue: try leadingEigenvalue(), meanLoss: outputs.withUnsafeBufferPointer { meanLoss(of: $0) })
    }

    /// `factor` · l′ of each field.
    func slope(of fields: UnsafeBufferPointer<Double>, factor: Double, into slope: UnsafeMutableBufferPointer<Double>) {
        anchors.withUnsafeBufferPointer {
            loss.shape.writeSlopes(fields, anchors: $0, scale: loss.scale, factor: factor, into: slope)
        }
    }

    /// (1/N) Θ v.
    func applyKernel(to vector: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>) {
        let count = fields
        tangentKernel.withUnsafeBufferPointer { kernel in
            for row in 0..<count {
                var sum = 0.0
                for column in 0..<count { sum += kernel[row * count + column] * vector[column] }
                result[row] = sum / Double(points)
            }
        }
    }
}
