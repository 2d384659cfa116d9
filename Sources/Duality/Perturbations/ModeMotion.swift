/// How far a mode moved from start to end, to judge whether it was frozen.
public struct ModeMotion: Sendable, Hashable {
    /// |A(T) − A(0)|.
    public let change: Double
    /// |A(0)|.
    public let initial: Double
    /// |f̄(T) − f̄(0)|.
    public let travel: Double

    /// The change over the travel of the mean field, 0 where nothing moved.
    public var overTravel: Double { change == 0 ? 0 : change / travel }
    /// The change over the mode's own initial amplitude, 0 where nothing moved.
    public var overInitial: Double { change == 0 ? 0 : change / initial }
}
