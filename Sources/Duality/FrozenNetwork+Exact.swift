import Arrays
import Networks

extension FrozenNetwork {
    /// The field of the exact dictionary: each eigenvector of the kernel moves by itself, with L_i l″ = λ_i 2s/N.
    func exactModes() throws(DualityError) -> [Double] {
        guard loss.shape.isQuadratic else { throw .notQuadratic(loss: loss.shape) }
        let count = fields
        let (eigenvalues, vectors) = try modes()
        var values = [Double](repeating: 0, count: (steps + 1) * count)
        for step in 0...steps {
            for index in 0..<count { values[step * count + index] = anchors[index] }
        }
        for (number, eigenvalue) in eigenvalues.enumerated() {
            let mode = try ExactMode(
                learningRate: schedule.learningRates[0], momentum: schedule.momenta[0],
                curvature: 2 * loss.scale * eigenvalue / Double(points), mode: number)
            var amplitude = 0.0
            for index in 0..<count { amplitude += vectors[index * count + number] * (outputs[index] - anchors[index]) }
            for step in 0...steps {
                let value = amplitude * mode.value(at: Double(step))
                for index in 0..<count { values[step * count + index] += vectors[index * count + number] * value }
            }
        }
        return values
    }

    /// Eigenvalues, descending, and eigenvectors as columns.
    func modes() throws(DualityError) -> (values: [Double], vectors: [Double]) {
        guard fields > 1 else { return (tangentKernel, [1]) }
        do {
            let eigen = try kernel.eigen
            guard let vectors = eigen.vectors else { throw DualityError.eigenproblem("no eigenvectors came back") }
            return (eigen.values, vectors.elements)
        } catch let error as DualityError {
            throw error
        } catch {
            throw .eigenproblem("\(error)")
        }
    }
}
