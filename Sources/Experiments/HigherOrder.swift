import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// Beyond the leading order: a dictionary of fourth order in √η, predictions of next-to-leading order in 1/width, and what the rest is made of.
public struct HigherOrder: Experiment {
    /// `higher-order`.
    public let id = "higher-order"
    public let title = "Predictions to higher order, and the error budget of the leading one"
    public let figures = ["higher-order", "higher-order-width", "higher-order-budget"]
    private let scan: EmbeddedScan

    /// The full grid has 2,752 networks of many widths, 256 seeds from width 64 on, and 1,056 of figure 3; the quick one 24 seeds of the
    /// former and 192 networks of the latter.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("higher-order", quick: quick, seed: seed) }

    /// Networks at many widths, whose loss is set by their own kernel, and the smooth part of figure 3.
    public var runs: any RunSource { scan }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let ofWidths = try scan.results(of: scan.candidates(ofScan: 0), known: known, experiment: id)
        let ofGrid = try scan.results(of: scan.candidates(ofScan: 1), known: known, experiment: id)
        let orders = try DictionaryOrders()
        let widths = try ofWidths.filter { $0.divergedAt == nil }.parallelMap { try WidthSample($0) }
        let budgets = try ofGrid.filter { $0.divergedAt == nil }.parallelMap { try BudgetSample($0) }
        return ExperimentReport(
            figures: [try orders.figure(figures[0]), try widthFigure(widths, id: figures[1]), try budgetFigure(budgets, id: figures[2])],
            claims: try orders.claims(figures[0]) + widthClaims(widths, id: figures[1])
                + budgetClaims(budgets, of: ofGrid.count, id: figures[2]))
    }
}
