/// The implicit Runge–Kutta method Radau IIA of order 9 with five stages: collocation at the roots of P₅(2c − 1) − P₄(2c − 1) with the
/// Legendre polynomials P, the last of which is the end of the step.
///
/// Source: E. Hairer, G. Wanner, *Solving Ordinary Differential Equations II*, 2nd edition, Springer 1996, section IV.5.
enum RadauTable {
    static let stageCount = 5

    /// The times of the stages, in units of the step.
    static let nodes: [Double] = [
        0.05710419611451768219312, 0.2768430136381238276800, 0.5835904323689168200567, 0.8602401356562194478479, 1,
    ]

    /// a_ij, the integral of the Lagrange polynomial ℓ_j of the nodes from 0 to c_i: row-major.
    static let matrix: [Double] = {
        // Gauss's formula of three points is exact for these polynomials of degree 4.
        let offset = 0.6.squareRoot() / 2
        let points = [(0.5 - offset, 5.0 / 18), (0.5, 8.0 / 18), (0.5 + offset, 5.0 / 18)]
        return (0..<stageCount).flatMap { i in
            (0..<stageCount).map { j in
                nodes[i] * points.reduce(0) { $0 + $1.1 * polynomial(j, of: nodes, at: nodes[i] * $1.0) }
            }
        }
    }()

    /// ℓ_j(0): what the stages say of the start of the step.
    static let start: [Double] = (0..<stageCount).map { polynomial($0, of: nodes, at: 0) }

    /// The factor γ₀ of the estimate γ₀h (f(y₀) − u′(0)), u the collocation polynomial: the real eigenvalue of the matrix.
    static let errorFactor = 0.159

    /// The weights of the stages in the polynomial through the start of a step, which has the weight that is left, and its stages.
    static func interpolation(at fraction: Double) -> [Double] {
        let all = [0] + nodes
        return (1...stageCount).map { polynomial($0, of: all, at: fraction) }
    }

    /// The Lagrange polynomial that is 1 at one node and 0 at the others.
    private static func polynomial(_ index: Int, of nodes: [Double], at point: Double) -> Double {
        nodes.indices.reduce(1) { $1 == index ? $0 : $0 * (point - nodes[$1]) / (nodes[index] - nodes[$1]) }
    }
}
