/// An array of any number of axes, its elements in C order (the last axis varies fastest).
///
/// A shape of `[]` is a single number. An axis of length 0 is allowed and leaves no elements.
public struct NumericArray: Sendable, Hashable {
    /// The lengths of the axes.
    public let shape: [Int]
    /// The elements in C order; always as many as the product of `shape`.
    public private(set) var elements: [Double]

    /// Makes an array of elements in C order.
    /// - Throws: `NumericArrayError.shapeMismatch` if the product of `shape` is not `elements.count`.
    public init(shape: [Int], elements: [Double]) throws {
        guard Self.elementCount(of: shape) == elements.count else {
            throw NumericArrayError.shapeMismatch(shape: shape, elements: elements.count)
        }
        self.shape = shape
        self.elements = elements
    }

    /// Makes an array of one axis.
    public init(_ elements: [Double]) {
        shape = [elements.count]
        self.elements = elements
    }

    /// Makes an array without axes: one number.
    public init(scalar: Double) {
        shape = []
        elements = [scalar]
    }

    /// The length of the first axis (1 for a single number): the rows of a matrix.
    public var rows: Int { shape.first ?? 1 }

    /// The number of elements in a row, the product of all axes but the first: the columns of a matrix.
    public var columns: Int { shape.dropFirst().reduce(1, *) }

    /// The element at an index of an array of one axis.
    public subscript(i: Int) -> Double {
        get { elements[offset(i)] }
        set { elements[offset(i)] = newValue }
    }

    /// The element at a row and a column of an array of two axes.
    public subscript(i: Int, j: Int) -> Double {
        get { elements[offset(i, j)] }
        set { elements[offset(i, j)] = newValue }
    }

    /// The element at three indices of an array of three axes.
    public subscript(i: Int, j: Int, k: Int) -> Double {
        get { elements[offset(i, j, k)] }
        set { elements[offset(i, j, k)] = newValue }
    }

    /// The product of the axes; nil if an axis is negative or the product of the axes that are not 0 overflows.
    static func elementCount(of shape: [Int]) -> Int? {
        var count = 1
        for axis in shape where axis != 0 {
            guard axis > 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: axis)
            guard !overflow else { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    private func offset(_ i: Int) -> Int {
        precondition(shape.count == 1, "one index for an array of shape \(shape)")
        return i
    }

    private func offset(_ i: Int, _ j: Int) -> Int {
        precondition(shape.count == 2, "two indices for an array of shape \(shape)")
        precondition(j >= 0 && j < shape[1], "column \(j) of an array of shape \(shape)")
        return i * shape[1] + j
    }

    private func offset(_ i: Int, _ j: Int, _ k: Int) -> Int {
        precondition(shape.count == 3, "three indices for an array of shape \(shape)")
        precondition(j >= 0 && j < shape[1] && k >= 0 && k < shape[2], "index (\(i), \(j), \(k)) of an array of shape \(shape)")
        return (i * shape[1] + j) * shape[2] + k
    }
}
