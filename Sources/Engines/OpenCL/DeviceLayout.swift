import Compute
import Networks

/// How the arrays of an architecture lie in device memory: rows padded with zeros to whole vectors.
struct DeviceLayout: Sendable {
    /// One layer's parameters and outputs.
    struct Layer: Sendable {
        let shape: Architecture.Layer
        /// Components of a vector of this layer's outputs.
        let vectorWidth: Int
        /// Elements from row to row of anything that has this layer's outputs as columns.
        let stride: Int
        /// Where its parameter rows begin in a member's block.
        let offset: Int
        /// Elements of its parameter rows.
        var weightCount: Int { shape.rows * stride }
        var isReadOut: Bool
    }

    let architecture: Architecture
    let layers: [Layer]
    let inputStride: Int
    /// Elements of one member's padded parameters.
    let weightStride: Int

    init(_ architecture: Architecture, tuning: Tuning, elementBytes: Int) {
        func padded(_ length: Int) -> (width: Int, stride: Int) {
            let width = tuning.vectorWidth(length: length, elementBytes: elementBytes)
            let stride = (length + width - 1) / width * width
            // Rows a multiple of a page apart fall into the same few sets of a cache, which then holds no column of them. Four vectors more,
            // because tiles of as many then still divide them.
            return (width, stride * elementBytes % 4096 == 0 ? stride + 4 * width : stride)
        }
        self.architecture = architecture
        inputStride = padded(architecture.inputs).stride
        var offset = 0
        layers = architecture.layers.map { shape in
            let (width, stride) = padded(shape.fanOut)
            let layer = Layer(
                shape: shape, vectorWidth: width, stride: stride, offset: offset, isReadOut: shape.index == architecture.depth)
            offset += layer.weightCount
            return layer
        }
        // Vectors of one member must not straddle the lines of a cache because another member's parameters lie before.
        let line = max(1, tuning[.vectorBytes] / elementBytes)
        weightStride = (offset + line - 1) / line * line
    }

    /// Elements from row to row of the inputs of a layer.
    func strideBelow(_ layer: Layer) -> Int { layer.shape.index == 0 ? inputStride : layers[layer.shape.index - 1].stride }

    /// Flat parameters with their rows padded.
    func padded(_ weights: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: weightStride)
        for layer in layers {
            for row in 0..<layer.shape.rows {
                for column in 0..<layer.shape.fanOut {
                    result[layer.offset + row * layer.stride + column] = weights[layer.shape.offset + row * layer.shape.fanOut + column]
                }
            }
        }
        return result
    }

    /// The parameters of a padded block, in flat order.
    func unpadded(_ block: ArraySlice<Double>) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(architecture.parameterCount)
        for layer in layers {
            for row in 0..<layer.shape.rows {
                let start = block.startIndex + layer.offset + row * layer.stride
                result += block[start..<start + layer.shape.fanOut]
            }
        }
        return result
    }

    /// The rows of a matrix with `length` columns, padded to `stride`.
    static func padRows(_ values: [Double], length: Int, stride: Int) -> [Double] {
        guard length != stride else { return values }
        var result: [Double] = []
        result.reserveCapacity(values.count / length * stride)
        for row in 0..<values.count / length {
            result += values[row * length..<(row + 1) * length]
            result += repeatElement(0, count: stride - length)
        }
        return result
    }
}
