import Synchronization

/// A real symmetric matrix that owns its eigenmodes: they are computed when they are first asked for, and once, whoever asks.
public final class SymmetricMatrix: Sendable, Hashable {
    /// The elements, (n, n) in C order.
    public let elements: [Double]
    /// n.
    public let order: Int
    private let solution = Mutex<Result<SymmetricEigen, any Error>?>(nil)

    /// A matrix. Nothing is checked before its modes are asked for.
    public init(_ elements: [Double], order: Int) {
        self.elements = elements
        self.order = order
    }

    /// Eigenvalues and eigenvectors, as ``SymmetricEigen/decompose(_:order:)`` gives them.
    /// - Throws: `SymmetricEigenError`.
    public var eigen: SymmetricEigen {
        get throws {
            try solution.withLock { solution in
                if let solution { return solution }
                let made = Result { try SymmetricEigen.decompose(elements, order: order) }
                solution = made
                return made
            }.get()
        }
    }

    /// Whether the elements are the same.
    public static func == (left: SymmetricMatrix, right: SymmetricMatrix) -> Bool {
        left === right || left.order == right.order && left.elements == right.elements
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(elements) }
}
