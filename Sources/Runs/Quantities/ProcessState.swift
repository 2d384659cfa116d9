import Engines
import Learning

/// What is known of a process after it was run.
struct ProcessState {
    /// Numbers that networks have too, by their names.
    private(set) var shared: [String: Double] = [:]
    /// Of an ensemble; nil where counts were not kept, or weights diverged.
    private(set) var found: EnsembleObservables?
    private(set) var mean: Double?
    private(set) var variance: Double?
    private(set) var circulation: CirculationRecord?
    private(set) var births: BirthDeathRecord?
    /// Of a lattice.
    private(set) var weightError: Double?
    /// Why numbers are missing.
    private(set) var failures: [String] = []

    /// nil for a network.
    init?(_ result: RunResult) {
        guard let process = result.run.process, let record = result.processRecord else { return nil }
        if let last = result.lastFinite {
            shared["lastStep"] = Double(last.step)
            shared["lastLoss"] = last.loss
        }
        if let step = result.divergedAt {
            shared["divergedAt"] = Double(step)
            return
        }
        shared["finalLoss"] = result.losses.last
        do {
            switch process {
            case .ensemble(let training):
                if !result.losses.isEmpty { moments(result, training) }
                found = result.ensembleRecord.map { EnsembleObservables(training, $0) }
                failures = found?.failures.map { "ensemble: \($0)" } ?? []
            case .circulation(let setting): circulation = try CirculationRecord(record, of: setting)
            case .birthDeath(let setting): births = try BirthDeathRecord(record, of: setting)
            case .lattice: weightError = record.outputs.last
            }
        } catch { failures = ["\(process.name.rawValue): \(error)"] }
    }

    private mutating func moments(_ result: RunResult, _ training: EnsembleTraining) {
        let outputs = Array(result.outputs.suffix(result.rows)), count = Double(training.starts.count)
        let means = stride(from: 0, to: outputs.count, by: 2).map { outputs[$0] }, mean = means.reduce(0, +) / count
        let squares = stride(from: 0, to: outputs.count, by: 2).map { outputs[$0 + 1] + (outputs[$0] - mean) * (outputs[$0] - mean) }
        (self.mean, variance) = (mean, squares.reduce(0, +) / count)
    }
}
