import Arrays
import OpenCL

/// What a plan counts of an array and a batch allocates.
package struct ArrayNeed<Key: Hashable & Sendable>: Sendable {
    /// What an array consists of.
    package enum Element: Sendable {
        /// `float` or `double`, by their bytes.
        case real(Int)
        /// Whole numbers.
        case int32

        /// Bytes of an element.
        package var bytes: Int { if case .real(let bytes) = self { bytes } else { 4 } }
    }

    /// Which array.
    package let array: Key
    /// For messages.
    package let name: String
    /// What it consists of.
    package let element: Element
    /// Elements of each member, and those that do not grow with them.
    package let perMember: Int
    package let fixed: Int
    /// Whether it begins as zeros; otherwise all that is read of it is written before.
    package let isZero: Bool

    /// A need. Default: of zeros.
    package init(array: Key, name: String, element: Element, perMember: Int, fixed: Int, isZero: Bool = true) {
        self.array = array
        self.name = name
        self.element = element
        self.perMember = perMember
        self.fixed = fixed
        self.isZero = isZero
    }

    package var bytesPerMember: Int { perMember.times(element.bytes) }
    package var fixedBytes: Int { fixed.times(element.bytes) }
}

/// The arrays of a batch by a family's own names for them, allocated by the list that planned them.
package struct DeviceArrays<Key: Hashable & Sendable>: Sendable {
    private var reals: [Key: RealBuffer] = [:]
    private var integers: [Key: Buffer<Int32>] = [:]

    /// Zero where it is needed.
    /// - Parameter shared: arrays that all members share, of which there is one.
    package init(_ needs: [ArrayNeed<Key>], members: Int, shared: Set<Key>, _ context: Context) throws {
        for need in needs {
            let count = need.fixed + need.perMember * (shared.contains(need.array) ? 1 : members)
            switch need.element {
            case .real(let bytes): reals[need.array] = try RealBuffer(context, elementBytes: bytes, count: count, isZero: need.isZero)
            case .int32: integers[need.array] = try context.makeBuffer([Int32](repeating: 0, count: count))
            }
        }
    }

    /// An array of numbers; nil where the job has none.
    package subscript(_ array: Key) -> RealBuffer? { reals[array] }

    /// An array of integers; nil where the job has none.
    package func integers(_ array: Key) -> Buffer<Int32>? { integers[array] }
}
