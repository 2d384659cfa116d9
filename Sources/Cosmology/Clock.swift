/// What a universe's table and its integration count.
public enum Clock: String, Sendable, Hashable, CaseIterable {
    /// Cosmic time t, from 0 on.
    case time
    /// N = ln(a/a₀), from 0 on, of a universe that expands: dN = H dt.
    case eFolds = "e-folds"
}
