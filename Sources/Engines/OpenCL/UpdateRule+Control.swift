import Networks

extension UpdateRule {
    /// Numbers of a member that live on the device: what the control keeps, the sums of the last step, and the scalars of this one.
    var controlNumbers: Int { memory.count + reductions.count + scalars.count }

    /// Those numbers before step 0.
    var initialControl: [Double] { memory.map(\.initial) + [Double](repeating: 0, count: reductions.count + scalars.count) }
}
