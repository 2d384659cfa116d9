#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The learning rate and momentum with the least predicted loss after a number of steps, such that a kernel slightly off does not spoil it.
///
/// What is minimised is the mean of the predictions for several kernels, each also with η a little off, which is what a kernel off by as much
/// amounts to: a mode that happens to cross its minimum at step K, or a fast one at the edge of stability, looks good in one of them and bad in
/// the others.
struct AdviceSearch {
    let forecasts: [LossForecast]
    let steps: Int
    let range: AdviceRange
    /// η is off by these factors.
    static let factors = [0.99, 1, 1.01]

    /// A pair and the mean of its predicted losses.
    struct Candidate {
        var learningRate, momentum, loss: Double
    }

    /// L₁ l″.
    var curvature: Double { forecasts.map { $0.rates[0] }.max() ?? 0 }

    /// What is minimised.
    func loss(_ learningRate: Double, _ momentum: Double) throws(DualityError) -> Double {
        var sum = 0.0
        for forecast in forecasts {
            for factor in Self.factors {
                sum += try forecast.finalLoss(learningRate: factor * learningRate, momentum: momentum, steps: steps)
            }
        }
        return sum / Double(forecasts.count * Self.factors.count)
    }

    /// A lattice of pairs, then ever finer ones around the best.
    func best() throws(DualityError) -> Candidate {
        try range.check(curvature: curvature)
        // A pair costs K (N·C)² operations where the loss is not quadratic.
        let isFast = !forecasts[0].shares.isEmpty
        let (rows, columns, zooms, side) = isFast ? (31, 40, 5, 11) : (12, 12, 4, 5)
        let friction = log(1 - range.largestMomentum)
        var momenta = [0.0]
        if friction < 0 { momenta += (1..<rows).map { 1 - exp(friction * Double($0) / Double(rows - 1)) } }
        var best: Candidate?
        func consider(_ learningRate: Double, _ momentum: Double) throws(DualityError) {
            let loss = try loss(learningRate, momentum)
            if loss < best?.loss ?? .infinity { best = Candidate(learningRate: learningRate, momentum: momentum, loss: loss) }
        }
        for momentum in momenta {
            guard let rates = range.learningRates(momentum: momentum, curvature: curvature) else { continue }
            for column in 0..<columns {
                let part = Double(column) / Double(columns - 1)
                try consider(exp(log(rates.lowerBound) + part * log(rates.upperBound / rates.lowerBound)), momentum)
            }
        }
        guard var centre = best else {
            throw .outOfRange(
                what: "the predicted loss", value: .infinity, limit: "finite for some learning rate", remedy: "allow lower learning rates")
        }
        // Twice the spacing of the lattice in ln(1 − γ) and ln η, then less.
        var width = (momentum: 2 * friction / Double(rows - 1), rate: 2 * log(1 / AdviceRange.leastPart) / Double(columns - 1))
        for _ in 0..<zooms {
            for row in 0..<side {
                let offset = 2 * Double(row) / Double(side - 1) - 1
                let momentum = min(range.largestMomentum, max(0, 1 - exp(log(1 - centre.momentum) + offset * width.momentum)))
                guard let rates = range.learningRates(momentum: momentum, curvature: curvature, leastPart: 0.001) else { continue }
                // The same place between 0 and the edge of stability.
                let middle = centre.learningRate * (1 + momentum) / (1 + centre.momentum)
                for column in 0..<side {
                    let rate = middle * exp((2 * Double(column) / Double(side - 1) - 1) * width.rate)
                    try consider(min(rates.upperBound, max(rates.lowerBound, rate)), momentum)
                }
            }
            centre = best ?? centre
            width = (0.35 * width.momentum, 0.35 * width.rate)
        }
        return centre
    }
}
