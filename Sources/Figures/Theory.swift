/// What a figure or a report is about: it decides which papers are cited and which words a glossary may explain.
public enum Theory: String, Sendable, Equatable, CaseIterable {
    /// Wide networks as scalar fields in expanding universes (arXiv:2202.11104).
    case duality
    /// Learning as quantum mechanics and gravity (arXiv:2111.00903), where drift, mode, momentum and source mean other things.
    case learning
}
