import Arrays

/// The eigenmodes of a tangent kernel: Θ v_i = λ_i v_i with orthonormal v_i, and what is read off from them.
///
/// L_i = λ_i/N is the eigenvalue of the operator g ↦ (1/N) Σ_x′ Θ(x, x′) g(x′), which moves the outputs (KS eq. 9); it tends to a
/// limit for many points, λ_i does not. Rank-deficient and indefinite kernels have a spectrum too; `findings` says so.
public struct KernelSpectrum: Sendable, Hashable {
    /// N.
    public let points: Int
    /// C.
    public let outputs: Int
    /// L_i = λ_i/N, descending, N·C of them.
    public let eigenvalues: [Double]
    /// v_i(x) as columns, (N·C, N·C) in row-major order: element x·N·C + i. Signs as in `SymmetricEigen.vectors`.
    public let vectors: [Double]
    /// u_i = Σ_x v_i(x), the overlaps with the vector of ones; for a uniform leading mode (√N, 0, …) (KS eq. 34).
    public let overlaps: [Double]
    /// ⟨Θ⟩ = (1/N²) Σ Θ(x, x′) over all elements, the rate of KS appendix B; between 0 and L₁ for one output.
    public let meanElement: Double
    /// The size in units of L_i below which an eigenvalue is noise; see `relativeNoiseFloor`.
    public let noiseFloor: Double
    /// max |Θ_ij − Θ_ji| / max |Θ_ij|. The modes are those of the lower triangle.
    public let symmetryResidual: Double

    /// The spectrum of a kernel.
    ///
    /// - Parameters:
    ///   - elements: Θ, (N·C, N·C) in row-major order, row n·C + c.
    ///   - points: N.
    ///   - outputs: C. Default 1.
    ///   - unitRoundoff: of the activations and derivatives that the kernel was made of. Default that of float64, 2⁻⁵³.
    ///   - gramUnitRoundoff: of the sums over parameters. Default that of float64.
    /// - Throws: `DualityError.sizeMismatch`, `.notFinite` and `.eigenproblem`.
    public init(
        elements: [Double], points: Int, outputs: Int = 1, unitRoundoff: Double = 0x1p-53, gramUnitRoundoff: Double = 0x1p-53
    ) throws(DualityError) {
        try self.init(
            SymmetricMatrix(elements, order: points * outputs), points: points, outputs: outputs, unitRoundoff: unitRoundoff,
            gramUnitRoundoff: gramUnitRoundoff)
    }

    /// The spectrum of a kernel that others look at as well: who asks for its modes first has them computed.
    /// - Throws: as the initialiser for elements.
    public init(
        _ kernel: SymmetricMatrix, points: Int, outputs: Int = 1, unitRoundoff: Double = 0x1p-53, gramUnitRoundoff: Double = 0x1p-53
    ) throws(DualityError) {
        let elements = kernel.elements
        guard points >= 1, outputs >= 1, elements.count == points * outputs * points * outputs else {
            let order = max(1, points) * max(1, outputs)
            throw .sizeMismatch(
                what: "the tangent kernel", found: elements.count, expected: order * order,
                remedy: "give one row and one column for each of the \(outputs) outputs of each of the \(points) points")
        }
        try DualityError.check(elements, "the tangent kernel")
        let order = points * outputs
        let eigen: SymmetricEigen
        do {
            eigen = try kernel.eigen
        } catch {
            throw .eigenproblem("\(error)")
        }
        guard let columns = eigen.vectors?.elements else { throw .eigenproblem("no eigenvectors came back") }
        var overlaps = [Double](repeating: 0, count: order)
        for x in 0..<order {
            for i in 0..<order { overlaps[i] += columns[x * order + i] }
        }
        let floor = Self.relativeNoiseFloor(order: order, unitRoundoff: unitRoundoff, gramUnitRoundoff: gramUnitRoundoff)
        let count = Double(points)
        self.points = points
        self.outputs = outputs
        eigenvalues = eigen.values.map { $0 / count }
        vectors = columns
        self.overlaps = overlaps
        meanElement = elements.reduce(0, +) / Double(elements.count)
        noiseFloor = floor * max(abs(eigen.values[0]), abs(eigen.values[order - 1])) / count
        symmetryResidual = eigen.symmetryResidual
    }

    /// N·C, the number of modes.
    public var order: Int { eigenvalues.count }

    /// v_i as a vector of N·C components; modes count from 0.
    public func vector(_ mode: Int) -> [Double] { (0..<order).map { vectors[$0 * order + mode] } }

    /// The noise floor over the largest |λ|: the greatest of three.
    ///
    /// - n·2⁻⁵², the backward error of the eigensolver.
    /// - 2 u_Gram: sums over parameters round each element by a few u_Gram of itself. By Weyl's inequality eigenvalues move by
    ///   at most the norm of these errors, ≤ u_Gram N max Θ ≈ u_Gram λ₁ for a kernel that its leading mode dominates.
    /// - 4 u²: rounded activations make another Jacobian J + δJ, |δJ| ≈ u |J|, whose kernel is still a Gram matrix. Singular values
    ///   move by u σ₁, so that λ_i = σ_i² is off by 2u √(λ₁/λ_i) of itself, which reaches 1 at 4u² λ₁. This is why float64 sums
    ///   over float32 activations keep 14 decades of a spectrum of which float32 sums keep 7.
    ///
    /// An estimate: dot products of many terms round by more than u, random signs by less than the bounds.
    public static func relativeNoiseFloor(order: Int, unitRoundoff: Double, gramUnitRoundoff: Double) -> Double {
        max(Double(order) * 0x1p-52, 2 * gramUnitRoundoff, 4 * unitRoundoff * unitRoundoff)
    }
}
