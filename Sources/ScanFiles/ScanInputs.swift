import Arrays
import Foundation
import Networks
import Runs

/// The points of a candidate, or how they follow from it.
enum ScanInputs: Sendable {
    case fixed(Inputs)
    /// Equally spaced numbers. The points are made when a candidate is, after their number was found to fit.
    case interval(count: Int, from: ScanFormula, to: ScanFormula)
    /// Equally spaced points of the plane, as these.
    case circle(count: Int, radius: Double)

    /// N and d.
    var shape: (points: Int, dimension: Int) {
        switch self {
        case .fixed(let inputs): (inputs.points, inputs.dimension)
        case .interval(let count, _, _): (count, 1)
        case .circle(let count, _): (count, 2)
        }
    }

    /// `count` equally spaced numbers: half a length to either side of the middle, so that the points of symmetric intervals do not
    /// depend on how an interval is written; both ends as given.
    static func interval(count: Int, from: Double, to: Double) throws(NetworkError) -> Inputs {
        let middle = (from + to) / 2, half = (to - from) / 2
        return try Inputs(
            (0..<count).map { index in
                if index == 0 { return from }
                if index == count - 1 { return to }
                return middle + half * (2 * Double(index) / Double(count - 1) - 1)
            })
    }

    /// `count` equally spaced points of the plane, counter-clockwise from (radius, 0).
    static func circle(count: Int, radius: Double) throws(NetworkError) -> Inputs {
        var values: [Double] = []
        values.reserveCapacity(2 * count)
        for index in 0..<count {
            let angle = 2 * Double.pi * Double(index) / Double(count)
            values.append(radius * cos(angle))
            values.append(radius * sin(angle))
        }
        return try Inputs(points: count, dimension: 2, values: values)
    }
}

/// Initial weights from a file, and the shape of the network that they are of.
struct ScanWeights: Sendable {
    /// As in the scan file.
    let path: String
    /// Its activation and parameterisation are none of the file's.
    let architecture: Architecture
    let weights: Weights

    /// The network with what the file does not tell.
    func architecture(
        dimension: Int, activation: Activation, parameterisation: Parameterisation
    ) throws -> Architecture {
        guard dimension == architecture.inputs else {
            throw ScanRefusal.impossible(
                key: "weights",
                "weights of \(Excerpt.of(path)) take points of \(architecture.inputs) coordinates, but inputs has \(dimension); give points "
                    + "(N, \(architecture.inputs))")
        }
        return try Architecture(
            inputs: architecture.inputs, widths: architecture.widths, outputs: architecture.outputs, hasBias: architecture.hasBias,
            activation: activation, parameterisation: parameterisation)
    }
}

/// Targets as given: (N, C), or (N) for one output.
struct ScanTargets: Sendable {
    let shape: [Int]
    let values: [Double]

    /// The anchors of a loss.
    func anchors(points: Int, outputs: Int) throws -> Loss.Anchors {
        // As many elements in another shape would be other targets.
        guard shape == [points, outputs] || shape == [points] && outputs == 1 else {
            throw ScanRefusal.impossible(
                key: "targets",
                "targets has shape (\(shape.map { "\($0)" }.joined(separator: ", "))), but must be (\(points), \(outputs)) for \(points) points and "
                    + "\(outputs) outputs; give one target for each point and output")
        }
        return .perPoint(values)
    }
}
