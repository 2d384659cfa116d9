import Runs

/// A piece of YAML with the line that it begins on.
enum ScanNode: Sendable {
    /// A text that is no list and no map, whether it was quoted or not.
    case scalar(Scalar)
    case sequence(Sequence)
    case mapping(Mapping)

    struct Scalar: Sendable {
        let string: String
        let line: Int?
    }

    struct Sequence: Sendable, RandomAccessCollection {
        let elements: [ScanNode]
        let line: Int?
        var startIndex: Int { 0 }
        var endIndex: Int { elements.count }
        subscript(_ index: Int) -> ScanNode { elements[index] }
    }

    /// Keys are texts, and all differ.
    struct Mapping: Sendable {
        struct Pair: Sendable {
            let key: Scalar
            var value: ScanNode
        }
        var pairs: [Pair]
        let line: Int?

        subscript(_ key: String) -> ScanNode? { pairs.first { $0.key.string == key }?.value }
    }

    init(_ string: String, line: Int? = nil) { self = .scalar(Scalar(string: string, line: line)) }

    /// The line, from 1; nil for what was made.
    var line: Int? {
        switch self {
        case .scalar(let scalar): scalar.line
        case .sequence(let sequence): sequence.line
        case .mapping(let mapping): mapping.line
        }
    }

    /// The text, where it is one.
    var string: String? { if case .scalar(let scalar) = self { scalar.string } else { nil } }
    /// The elements, where it is a list.
    var elements: [ScanNode]? { if case .sequence(let sequence) = self { sequence.elements } else { nil } }
    /// The pairs, where it is a map.
    var mapping: Mapping? { if case .mapping(let mapping) = self { mapping } else { nil } }
}
