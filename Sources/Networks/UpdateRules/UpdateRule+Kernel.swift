extension UpdateRule {
    /// The rule as `rule.clh` takes it: its texts, with every name declared before and what they assign brought back after them.
    package var kernelMacros: [(String, String)] {
        let scalarNames = declarations("const T", scalars) { "(T)(step.number[\($0)])" }
        let stateNames = declarations("T", states) { "moved.state[\($0)]" }
        let assigned = states.enumerated().map { "moved.state[\($0)] = \($1);" }.joined(separator: " ")
        let step = "{ \(scalarNames) \(stateNames) T w = moved.w; \(kernelStep) moved.w = w; \(assigned) }"
        func factor(_ factor: Reduction.Factor) -> String { if case .state(let place) = factor { states[place] } else { "g" } }
        let sums = reductions.enumerated().map { "ADD_TO(\($0), \(factor($1.factors.0)) * \(factor($1.factors.1)));" }
            .joined(separator: " ")
        let kept = memory.enumerated().filter(\.element.isRecorded)
        let control = [
            declarations("const REAL", parameters.map(\.name)) { "parameters[\($0)]" },
            declarations("REAL", memory.map(\.name)) { "control[\($0)]" },
            declarations("const REAL", reductions.map(\.name)) { "control[MEMORY + \($0)]" },
            scalars.map { "REAL \($0);" }.joined(separator: " "), kernelControl,
            memory.enumerated().map { "control[\($0)] = \($1.name);" }.joined(separator: " "),
            scalars.enumerated().map { "next.number[\($0)] = \($1);" }.joined(separator: " "),
        ]
        return [
            ("STATES", "\(states.count)"), ("PARAMETERS", "\(parameters.count)"), ("SCALARS", "\(scalars.count)"),
            ("MEMORY", "\(memory.count)"),
            ("REDUCTIONS", "\(reductions.count)"),
            ("GRADIENT_FACTOR", gradientFactor.map { "step.number[\($0)]" } ?? "(REAL)1"), ("RULE_STEP", step),
            ("RULE_REDUCE", reductions.isEmpty ? "" : "{ \(stateNames) \(sums) }"),
            ("RULE_CONTROL", "{ \(control.joined(separator: " ")) }"), ("RECORDED", "\(kept.count)"),
            ("RULE_RECORD", kept.enumerated().map { "record[\($0)] = control[\($1.offset)];" }.joined(separator: " ")),
        ]
    }

    private func declarations(_ type: String, _ names: [String], _ value: (Int) -> String) -> String {
        names.enumerated().map { "\(type) \($1) = \(value($0));" }.joined(separator: " ")
    }
}
