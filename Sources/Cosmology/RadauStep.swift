/// An implicit step of order 9 of a field with its modes, for where friction is so strong that explicit steps would have to be far
/// shorter than anything that happens.
///
/// It is code of our own: Debian's SUNDIALS comes with MPI, PETSc and hypre and has no pkg-config files, and a general solver would not
/// know that the background moves without its modes, that N and L only follow, and that a position is the integral of its velocity.
/// Here a step is Newton's method in the five velocities of the stages for the field, and a linear system of the same shape for each mode.
///
/// The error is the defect of the collocation polynomial at the start of the step, smoothed by (1 − γ₀hJ)⁻¹ as in section IV.8 of
/// Hairer and Wanner; it goes with the sixth power of the step size, so that the step itself is better by far.
struct RadauStep {
    private typealias Table = RadauTable
    private static let stages = RadauTable.stageCount

    /// The state at the start of the step.
    private(set) var state: [Double]
    private let count: Int
    /// Value i of stage j at j · count + i.
    private var values: [Double]
    /// Its rate of change, in the same layout.
    private var slopes: [Double]
    private var velocities = [Double](repeating: 0, count: RadauTable.stageCount)
    private var matrix = [Double](repeating: 0, count: RadauTable.stageCount * RadauTable.stageCount)
    private var residual = [Double](repeating: 0, count: RadauTable.stageCount)
    private var accelerations = [Double](repeating: 0, count: RadauTable.stageCount)
    private var byPosition = [Double](repeating: 0, count: RadauTable.stageCount)
    private var byVelocity = [Double](repeating: 0, count: RadauTable.stageCount)

    init(state: [Double]) {
        self.state = state
        count = state.count
        values = [Double](repeating: 0, count: Self.stages * state.count)
        slopes = values
    }

    /// The state at the end of the step.
    var next: ArraySlice<Double> { values[((Self.stages - 1) * count)...] }

    /// Makes the end of the step, with the field's displacement from another centre if it was moved, the start of the next one.
    mutating func advance(to displacement: Double) {
        state.replaceSubrange(0..<count, with: next)
        state[0] = displacement
    }

    /// Tries a step.
    ///
    /// - Returns: the greatest error over what is allowed; NaN where Newton's method does not converge.
    mutating func attempt(size: Double, motion: FieldMotion, tolerance: Double) -> Double {
        guard solve(0, size: size, { _, x, velocity in motion.acceleration(x, velocity) }) else { return .nan }
        for stage in 0..<Self.stages {
            let (x, velocity) = (values[stage * count], values[stage * count + 1])
            let hubble = motion.hubble(x, velocity)
            slopes[stage * count + 2] = hubble
            slopes[stage * count + 3] = motion.carriedRate(x, velocity, hubble: hubble)
        }
        integrate(2, size: size)
        integrate(3, size: size)
        for (number, mode) in motion.modes.enumerated() {
            let position = FieldMotion.backgroundCount + 2 * number
            var masses: [Double] = [], frictions: [Double] = []
            for stage in 0..<Self.stages {
                let curvature = motion.field.curvature(values[stage * count])
                masses.append(motion.squaredMass(mode, curvature: curvature, eFolds: values[stage * count + 2]))
                frictions.append(3 * slopes[stage * count + 2])
            }
            guard
                solve(
                    position, size: size,
                    { stage, d, rate in (-frictions[stage] * rate - masses[stage] * d, -masses[stage], -frictions[stage]) })
            else { return .nan }
        }
        return error(size: size, motion: motion, tolerance: tolerance)
    }

    /// The state at a fraction of the step.
    func interpolate(_ fraction: Double, into result: inout [Double]) {
        let weights = Table.interpolation(at: fraction)
        for index in 0..<count {
            var value = state[index]
            for stage in 0..<Self.stages { value += weights[stage] * (values[stage * count + index] - state[index]) }
            result[index] = value
        }
    }

    /// Number `index` of the stages from its slopes: y₀ + h Σ a_ij y′_j.
    private mutating func integrate(_ index: Int, size: Double) {
        for stage in 0..<Self.stages {
            var sum = 0.0
            for other in 0..<Self.stages { sum += Table.matrix[stage * Self.stages + other] * slopes[other * count + index] }
            values[stage * count + index] = state[index] + size * sum
        }
    }

    /// The stages of a position and its velocity, numbers `index` and the next of the state, by Newton's method in the velocities.
    ///
    /// - Parameter acceleration: the acceleration at a stage with its derivatives by position and velocity.
    private mutating func solve(
        _ index: Int, size: Double,
        _ acceleration: (_ stage: Int, Double, Double) -> (value: Double, byPosition: Double, byVelocity: Double)
    ) -> Bool {
        let (n, a) = (Self.stages, Table.matrix)
        for stage in 0..<n { velocities[stage] = state[index + 1] }
        var last = Double.infinity
        for _ in 0..<25 {
            for stage in 0..<n { slopes[stage * count + index] = velocities[stage] }
            integrate(index, size: size)
            for stage in 0..<n {
                (accelerations[stage], byPosition[stage], byVelocity[stage]) =
                    acceleration(stage, values[stage * count + index], velocities[stage])
                slopes[stage * count + index + 1] = accelerations[stage]
            }
            for i in 0..<n {
                var sum = 0.0
                for k in 0..<n { sum += a[i * n + k] * accelerations[k] }
                residual[i] = -(velocities[i] - state[index + 1] - size * sum)
                for j in 0..<n {
                    var spring = 0.0
                    for k in 0..<n { spring += a[i * n + k] * byPosition[k] * a[k * n + j] }
                    matrix[i * n + j] = (i == j ? 1 : 0) - size * (size * spring + a[i * n + j] * byVelocity[j])
                }
            }
            guard eliminate() else { return false }
            var (change, largest) = (0.0, 0.0)
            for i in 0..<n {
                velocities[i] += residual[i]
                change = max(change, abs(residual[i]))
                largest = max(largest, abs(velocities[i]))
            }
            guard change.isFinite, largest.isFinite else { return false }
            // Converged to rounding, or as near to it as it gets.
            if change <= 4e-16 * largest || (change <= 1e-13 * largest && change >= 0.5 * last) {
                for stage in 0..<n {
                    values[stage * count + index + 1] = velocities[stage]
                    slopes[stage * count + index] = velocities[stage]
                }
                integrate(index, size: size)
                return true
            }
            last = change
        }
        return false
    }

    /// Solves `matrix` · x = `residual` by elimination with row exchanges; x replaces `residual`. False for a singular matrix.
    private mutating func eliminate() -> Bool {
        let n = Self.stages
        for pivot in 0..<n {
            var best = pivot
            for row in pivot..<n where abs(matrix[row * n + pivot]) > abs(matrix[best * n + pivot]) { best = row }
            guard matrix[best * n + pivot] != 0 else { return false }
            if best != pivot {
                for column in 0..<n { matrix.swapAt(best * n + column, pivot * n + column) }
                residual.swapAt(best, pivot)
            }
            for row in (pivot + 1)..<n {
                let factor = matrix[row * n + pivot] / matrix[pivot * n + pivot]
                for column in pivot..<n { matrix[row * n + column] -= factor * matrix[pivot * n + column] }
                residual[row] -= factor * residual[pivot]
            }
        }
        for row in (0..<n).reversed() {
            for column in (row + 1)..<n { residual[row] -= matrix[row * n + column] * residual[column] }
            residual[row] /= matrix[row * n + row]
        }
        return true
    }

    private func error(size: Double, motion: FieldMotion, tolerance: Double) -> Double {
        let alpha = Table.errorFactor * size
        var rates = [Double](repeating: 0, count: count)
        state.withUnsafeBufferPointer { state in rates.withUnsafeMutableBufferPointer { motion.writeRates(0, state, $0) } }
        var greatest = 0.0
        /// γ₀h (f(y₀) − u′(0)).
        func defect(_ index: Int) -> Double {
            var sum = rates[index]
            for stage in 0..<Self.stages { sum -= Table.start[stage] * slopes[stage * count + index] }
            return alpha * sum
        }
        func take(_ error: Double, _ index: Int) {
            let share =
                abs(error) / motion.allowedError(index, state[index], values[(Self.stages - 1) * count + index], tolerance: tolerance)
            // `max` would let a NaN pass.
            greatest = share > greatest || share.isNaN ? share : greatest
        }
        func takePair(_ index: Int, byPosition: Double, byVelocity: Double) {
            let (position, velocity) = (defect(index), defect(index + 1))
            let diagonal = 1 - alpha * byVelocity
            let determinant = diagonal - alpha * alpha * byPosition
            take((diagonal * position + alpha * velocity) / determinant, index)
            take((alpha * byPosition * position + velocity) / determinant, index + 1)
        }
        let own = motion.acceleration(state[0], state[1])
        takePair(0, byPosition: own.byPosition, byVelocity: own.byVelocity)
        take(defect(2), 2)
        take(defect(3), 3)
        let curvature = motion.field.curvature(state[0])
        for (number, mode) in motion.modes.enumerated() {
            takePair(
                FieldMotion.backgroundCount + 2 * number,
                byPosition: -motion.squaredMass(mode, curvature: curvature, eFolds: state[2]), byVelocity: -3 * rates[2])
        }
        return greatest
    }
}
