import Arrays
import Networks
import OpenCL

/// The arrays of a tangent kernel from given weights: panels of `width` points or rows, unit by unit, as `forward_panels`,
/// `backward_panels` and `tangent` read and write them.
struct PanelArrays {
    /// Lanes of a panel, the components of a vector.
    let width: Int
    /// (panels of points, d, width), of every member or, shared, once.
    let inputs: RealBuffer
    /// h_l of each layer, the outputs last.
    let values: [RealBuffer]
    /// φ′(z_l) of each hidden layer.
    let slopes: [RealBuffer]
    /// Room for the sensitivities of two neighbouring hidden layers, and last those of the outputs; empty if only outputs are computed.
    let sensitivities: [RealBuffer]
    /// Θ, (members, rows, rows).
    let kernel: RealBuffer?
    /// Gram matrices of the inputs of a layer, (members, points, points); nil for one output, whose rows are points.
    let inputGram: RealBuffer?

    init(_ engine: OpenCLEngine, _ layout: DeviceLayout, inputs sets: [Inputs], members: Int, points: Int, rows: Int, job: Job) throws {
        let context = engine.context, bytes = engine.precision.elementBytes
        let size = PanelSize(points: points, rows: rows, tuning: engine.tuning, elementBytes: bytes)
        width = size.width
        inputs = try RealBuffer(context, elementBytes: bytes, sets.flatMap { size.panels($0.values, columns: $0.dimension) })
        let lanes = members * size.pointLanes
        values = try layout.layers.map { try RealBuffer(context, elementBytes: bytes, count: lanes * $0.shape.fanOut) }
        slopes = try layout.layers.dropLast().map { try RealBuffer(context, elementBytes: bytes, count: lanes * $0.shape.fanOut) }
        guard job.tangentKernel == .gram else {
            (sensitivities, kernel, inputGram) = ([], nil, nil)
            return
        }
        sensitivities = try size.sensitiveUnits(layout).map {
            try RealBuffer(context, elementBytes: bytes, count: members * size.rowLanes * $0)
        }
        let gramBytes = engine.precision.gramBytes
        kernel = try RealBuffer(context, elementBytes: gramBytes, count: members * rows * rows)
        inputGram = rows == points ? nil : try RealBuffer(context, elementBytes: gramBytes, count: members * points * points)
    }
}

/// How many lanes the panels of points and of rows have.
struct PanelSize {
    let width: Int
    let pointLanes: Int
    let rowLanes: Int

    init(points: Int, rows: Int, tuning: Tuning, elementBytes: Int) {
        let width = tuning.vectorWidth(length: rows, elementBytes: elementBytes)
        self.width = width
        pointLanes = points.plus(width - 1) / width * width
        rowLanes = rows.plus(width - 1) / width * width
    }

    /// Units of the two hidden layers' room for sensitivities that a pass from the outputs down uses in turn, and of the outputs.
    func sensitiveUnits(_ layout: DeviceLayout) -> [Int] {
        [0, 1].compactMap { parity in
            layout.layers.filter { !$0.isReadOut && $0.shape.index % 2 == parity }.map(\.shape.fanOut).max()
        } + [layout.architecture.outputs]
    }

    /// Panels of so many points or rows.
    static func panels(_ count: Int, width: Int) -> Int { (count + width - 1) / width }

    /// The rows of a matrix of points as panels, lanes without a point zero.
    func panels(_ values: [Double], columns: Int) -> [Double] {
        var result = [Double](repeating: 0, count: pointLanes * columns)
        for row in 0..<values.count / columns {
            let start = row / width * width * columns + row % width
            for column in 0..<columns { result[start + column * width] = values[row * columns + column] }
        }
        return result
    }

    /// The rows of `count` points from panels.
    func rows(_ panels: ArraySlice<Double>, count: Int, columns: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(count * columns)
        for row in 0..<count {
            let start = panels.startIndex + row / width * width * columns + row % width
            for column in 0..<columns { result.append(panels[start + column * width]) }
        }
        return result
    }
}

extension Job {
    /// Whether the sensitivities of every output are needed row by row.
    var differentiatesRows: Bool { jacobian || tangentKernel == .jacobian }

    /// Whether they are needed in panels: by Gram matrices, and where only outputs are asked.
    var usesPanels: Bool { tangentKernel == .gram || (outputs && training == nil && !differentiatesRows) }
}
