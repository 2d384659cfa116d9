extension FrictionModel {
    /// Levenberg–Marquardt within 0 ≤ c ≤ 4/timeStep, F ≥ 0: at most 40 evaluations of the model. Residuals below
    /// `resolution` (root mean square) are good enough.
    func minimise(
        from start: Parameters, resolution: Double
    ) -> (parameters: Parameters, evaluation: Evaluation, iterations: Int, converged: Bool) {
        // A start without force stays on its line, which any trajectory can be compared with.
        let fallback = Parameters(friction: start.friction, force: 0, velocity: 0)
        var parameters = start
        var current: Evaluation
        if let evaluation = evaluate(start) {
            current = evaluation
        } else {
            parameters = fallback
            current = evaluate(fallback) ?? Evaluation(cost: .infinity)
        }
        guard current.cost.isFinite else { return (parameters, current, 1, false) }

        var damping = 1e-3
        var iterations = 1
        let goodEnough = resolution * resolution * Double(trajectory.count)
        while iterations < 40 {
            if current.cost <= goodEnough { return (parameters, current, iterations, true) }
            let step = Self.step(current, parameters: parameters, damping: damping, largestFriction: largestFriction)
            let trial = Parameters(
                friction: min(largestFriction, max(0, parameters.friction + step[0])),
                force: max(0, parameters.force + step[1]), velocity: parameters.velocity + step[2])
            iterations += 1
            guard let evaluation = evaluate(trial), evaluation.cost < current.cost else {
                damping *= 8
                // Where no damped step gains, the sums are at the rounding of their minimum.
                if damping > 1e10 { return (parameters, current, iterations, true) }
                continue
            }
            let gain = (current.cost - evaluation.cost) / current.cost
            (parameters, current) = (trial, evaluation)
            if gain < 1e-6, damping <= 1e-3 { return (parameters, current, iterations, true) }
            damping = max(1e-9, damping / 8)
        }
        return (parameters, current, iterations, false)
    }

    /// The step −(JᵀJ + damping · diag)⁻¹ Jᵀ r, in columns scaled to 1; parameters that would leave their bounds stay.
    private static func step(
        _ sums: Evaluation, parameters: Parameters, damping: Double, largestFriction: Double
    ) -> SIMD3<Double> {
        let normal = [sums.normal.0, sums.normal.1, sums.normal.2]
        var scales = SIMD3<Double>()
        for i in 0..<3 { scales[i] = normal[i][i] > 0 ? normal[i][i].squareRoot() : 1 }
        var held = SIMDMask<SIMD3<Int64>>(repeating: false)
        var step = SIMD3<Double>()
        for _ in 0..<3 {
            var rows = [SIMD3<Double>](repeating: .zero, count: 3)
            var right = -sums.gradient / scales
            for i in 0..<3 {
                rows[i] = (normal[i] / scales / scales[i]).replacing(with: 0, where: held)
                if held[i] {
                    rows[i] = .zero
                    right[i] = 0
                }
                rows[i][i] = held[i] ? 1 : (1 + damping)
            }
            step = solve(rows, right) / scales
            let leavesTop = parameters.friction >= largestFriction && step[0] > 0
            let leavesBottom = parameters.friction <= 0 && step[0] < 0
            let leavesForce = parameters.force <= 0 && step[1] < 0
            guard (leavesTop || leavesBottom) && !held[0] || leavesForce && !held[1] else { break }
            held[0] = held[0] || leavesTop || leavesBottom
            held[1] = held[1] || leavesForce
        }
        return step
    }

    /// Solves a symmetric positive definite system of three by elimination.
    private static func solve(_ matrix: [SIMD3<Double>], _ right: SIMD3<Double>) -> SIMD3<Double> {
        var (rows, right) = (matrix, right)
        for pivot in 0..<3 {
            for row in (pivot + 1)..<3 where rows[pivot][pivot] != 0 {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                rows[row] -= factor * rows[pivot]
                right[row] -= factor * right[pivot]
            }
        }
        var solution = SIMD3<Double>()
        for row in [2, 1, 0] {
            let known = (rows[row] * solution).sum()
            solution[row] = rows[row][row] != 0 ? (right[row] - known) / rows[row][row] : 0
        }
        return solution
    }

    /// Standard errors of c, F and F/c.
    ///
    /// Along a valley F = (F/c) c the trajectory hardly changes. So the column of c is taken along the valley, J_c + (F/c) J_F, and
    /// split into its shadow on the columns of F and v (coefficient α on F) and the rest, whose norm says how well c is known.
    func errors(
        of sums: Evaluation, at p: Parameters, scatterFloor: Double
    ) -> (friction: Double, force: Double, driftRate: Double) {
        // Without friction that shows within the trajectory there is no valley, and F/c would drown the other column.
        let duration = timeStep * Double(trajectory.count - 1)
        let ratio = p.friction * duration > 1e-3 ? p.force / p.friction : 0
        let (cc, ff, vv) = (sums.normal.0[0], sums.normal.1[1], sums.normal.2[2])
        let (cf, cv, fv) = (sums.normal.0[1], sums.normal.0[2], sums.normal.1[2])
        let along = cc + 2 * ratio * cf + ratio * ratio * ff
        let (alongF, alongV) = (cf + ratio * ff, cv + ratio * fv)
        let determinant = ff * vv - fv * fv
        guard determinant > 1e-14 * ff * vv else { return (.infinity, .infinity, .infinity) }
        let shadowF = (alongF * vv - alongV * fv) / determinant
        let shadowV = (alongV * ff - alongF * fv) / determinant
        let rest = along - shadowF * alongF - shadowV * alongV

        let count = Double(trajectory.count - 1)
        let scatter = max(sums.cost / (count - 3), scatterFloor * scatterFloor)
        let correlation = sums.cost > 0 ? max(0, sums.neighbours / sums.cost) : 0
        // Residuals that are one smooth curve still count as one for each parameter and one more.
        let independent = max(4, count * (1 - correlation) / (1 + correlation))
        // The error of the integration is one smooth curve through all residuals.
        let amplitude = trajectory.reduce(0) { max($0, abs($1 - anchor)) }
        let integration = sums.lostPhase * amplitude
        let variance = scatter * count / independent + integration * integration * count

        let friction = rest > 1e-14 * along ? (variance / rest).squareRoot() : .infinity
        let conditional = variance * vv / determinant
        let followed = (ratio - shadowF) * friction
        let force = friction.isFinite ? (conditional + followed * followed).squareRoot() : .infinity
        let wandering = shadowF * min(friction, p.friction)
        return (friction, force, (conditional + wandering * wandering).squareRoot() / max(p.friction, .leastNormalMagnitude))
    }
}
