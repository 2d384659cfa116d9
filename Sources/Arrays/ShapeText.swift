extension Collection<Int> {
    /// A shape as a message shows it, the way NumPy does, and no more than eight axes of it.
    public var shapeText: String {
        "(" + prefix(8).map { "\($0)" }.joined(separator: ", ") + (count > 8 ? ", … \(count) axes)" : count == 1 ? ",)" : ")")
    }
}
