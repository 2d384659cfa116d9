import OpenCL

/// A parameter and the values of it that a search tries.
public struct TuningAxis: Sendable, Hashable {
    package let parameter: TuningParameter
    /// In ascending order.
    public let values: [Int]

    /// The parameter's name.
    public var name: String { parameter.name }

    /// An axis.
    package init(_ parameter: TuningParameter, _ values: [Int]) {
        self.parameter = parameter
        self.values = values
    }
}

extension TuningAxis {
    /// How work-items divide the work.
    package static func division(_ kind: Device.Kind) -> [TuningAxis] {
        kind == .cpu
            ? [TuningAxis(.itemsPerUnit, [1, 2, 4, 8, 16, 32])]
            : [TuningAxis(.groupSize, [32, 64, 128, 256]), TuningAxis(.itemsPerUnit, [512, 1024, 2048, 4096, 8192])]
    }

    /// Vectors of sums of a work-item of a product.
    package static func sums(_ kind: Device.Kind) -> TuningAxis {
        TuningAxis(.panelSums, kind == .cpu ? [6, 8, 12, 16, 20, 24, 28] : [4, 6, 8, 12, 16, 24])
    }

    /// Vectors of columns that it takes together.
    package static func chunk(_ kind: Device.Kind) -> TuningAxis {
        TuningAxis(.panelChunk, kind == .cpu ? [4, 8, 16, 32, 64, 128] : [2, 4, 8, 16])
    }

    /// Work-groups with tiles of a product, which tensor cores may take, or work-items with tiles of their own, whose sums and panels then
    /// count.
    package static func groups(_ kind: Device.Kind) -> [TuningAxis] {
        kind == .cpu ? [] : [TuningAxis(.tileRows, [0, 32, 64, 128]), TuningAxis(.splitsProducts, [0, 1])]
    }
}
