import Compute
import Engines
import Learning
import Networks

/// What describes a run in words rather than numbers: names of its kind, exact spellings of what quantities round or reduce to one number,
/// and why predictions have no numbers. Names are kept in stores and do not change.
package enum RunWords {
    /// The names, in the order of ``values(of:precision:failures:)``.
    package static let names = [
        "activation", "parameterisation", "precision", "lossForm", "optimiser", "tangentKernel", "widths", "predictionFailures",
        "process",
    ]

    /// The words of a run; nil where one has no meaning.
    /// - Parameter failures: what has no numbers, and why.
    package static func values(of run: Run, precision: String, failures: [String]) -> [String?] {
        let failures = failures.isEmpty ? nil : failures.joined(separator: "; ")
        if let process = run.process {
            // Of ensembles the number of networks says so, as in stores of earlier programs.
            let (precision, name): (String, LearningProcess.Name?) =
                switch process.name {
                case .ensemble: (Precision.float32.rawValue, nil)
                case .circulation: (Precision.float32.rawValue, .circulation)
                case .birthDeath: (Precision.float64.rawValue, .birthDeath)
                case .lattice: (precision, .lattice)
                }
            return [nil, nil, precision, nil, run.training?.schedule.rule.name, nil, nil, failures, name?.rawValue]
        }
        let form: String? = run.training.map {
            switch $0.loss.shape {
            case .evenPower: "power"
            case .doubleWell: "doubleWell"
            case .coupled: "coupled"
            }
        }
        return [
            run.architecture.activation.name, run.architecture.parameterisation.rawValue, precision, form,
            run.training?.schedule.rule.name, run.tangentKernel?.rawValue,
            "[" + run.architecture.widths.map(String.init).joined(separator: ",") + "]",
            failures, nil,
        ]
    }
}
