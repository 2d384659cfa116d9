import Arrays
import Duality
import Engines
import Runs

extension ScanReading {
    /// What is kept, and how kernels are computed.
    func recording() throws -> (Recording, TangentKernelMethod?) {
        let members = try members(entry.node, name, known: ScanSchema.members(of: "record"))
        var recording = Recording(), method: TangentKernelMethod? = .gram
        if let node = members["trajectory"] { recording.trajectory = try steps(node, "trajectory", others: ["all"]) ?? .ends }
        if let node = members["method"] { method = try named(node, "method") }
        if let node = members["kernels"] {
            if let kernels = try steps(node, "kernels", others: ["none"]) { recording.kernels = kernels } else { method = nil }
        }
        recording.spectra = try flag(members["spectra"], "spectra")
        recording.modes = try flag(members["modes"], "modes")
        recording.matrices = try flag(members["matrices"], "matrices")
        if let node = members["predictions"] {
            for element in node.elements ?? [node] {
                let prediction: Prediction = try named(element, "predictions")
                if !recording.predictions.contains(prediction) { recording.predictions.append(prediction) }
            }
        }
        let needs: [(part: String, isAsked: Bool)] = [
            ("spectra", recording.spectra), ("modes", recording.modes), ("matrices", recording.matrices),
            ("predictions", !recording.predictions.isEmpty),
        ]
        if method == nil, let need = needs.first(where: \.isAsked) {
            throw error(
                members[need.part] ?? entry.node, "record.kernels is none, but record.\(need.part) needs kernels; use kernels: ends")
        }
        return (recording, method)
    }

    /// `ends`, `all`, `every N` or a list; nil for `none`.
    private func steps(_ node: ScanNode, _ part: String, others: [String]) throws -> StepSelection? {
        if case .sequence(let list) = node { return .at(Set(try list.map { try count($0, "record.\(part)", least: 0) }).sorted()) }
        let words = (node.string ?? "").split(separator: " ").map(String.init)
        if words == ["none"], others.contains("none") { return nil }
        if words != ["all"] || others.contains("all"), let steps = StepSelection(words: words) {
            guard case .every(let stride) = steps, stride > Int(Int32.max) else { return steps }
        }
        throw error(
            node,
            "record.\(part) is \(Self.kind(node)), but must be ends, \(others.joined(separator: ", ")), every N with N ≥ 1, or a list of steps"
        )
    }

    private func flag(_ node: ScanNode?, _ part: String) throws -> Bool {
        guard let node else { return false }
        switch node.string?.lowercased() {
        case "true"?, "yes"?, "on"?: return true
        case "false"?, "no"?, "off"?: return false
        default: throw error(node, "record.\(part) is \(Self.kind(node)), but must be true or false")
        }
    }

    private func named<Name: RawRepresentable & CaseIterable>(_ node: ScanNode, _ part: String) throws -> Name
    where Name.RawValue == String {
        let text = node.string ?? "", words = Name.allCases.map(\.rawValue)
        guard let value = Name(rawValue: text) else {
            throw error(
                node,
                "record.\(part) is \(Self.kind(node)), but must be one of \(words.joined(separator: ", "))\(ScanReader.hint(text, words) ?? "")"
            )
        }
        return value
    }
}
