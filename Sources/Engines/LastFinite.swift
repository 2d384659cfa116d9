/// The last step of one member before its outputs or its loss ceased to be finite.
struct LastFinite {
    /// −1 before the first finite step.
    private(set) var step = -1
    /// f at that step.
    private(set) var outputs: [Double]
    /// L at that step.
    private(set) var loss = Double.nan

    init(rows: Int) { outputs = [Double](repeating: .nan, count: rows) }

    /// Takes the next step. A member that was not finite once stays diverged, whatever follows.
    mutating func observe(_ next: Int, _ outputs: [Double], _ loss: Double) {
        guard next == step + 1, loss.isFinite, outputs.allSatisfy(\.isFinite) else { return }
        step = next
        self.outputs = outputs
        self.loss = loss
    }
}
