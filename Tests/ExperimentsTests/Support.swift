import Experiments
import Runs

extension Experiment {
    /// The different runs that can be named with what is known.
    func namedRuns(known: (Run) throws -> RunResult? = { _ in nil }) throws -> Set<Run> {
        var named: Set<Run> = []
        for index in 0..<runs.count {
            switch try runs.candidate(at: index, known: known) {
            case .run(let run), .needs(let run): named.insert(run)
            case .excluded, .refused: break
            }
        }
        return named
    }
}
