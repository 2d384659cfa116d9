/// What a search for tuning parameters asks of a kernel on a device.
public protocol TuningSubject {
    /// Why the kernel cannot be built with those values on this device; nil if it can.
    func refusal(of values: [String: Int]) -> String?

    /// How far results with those values are from the reference, in units of what rounding explains, after which runs are warm.
    /// - Parameter thorough: whether every shape is tried, and not only the one that is cheap to compile.
    func deviation(of values: [String: Int], thorough: Bool) throws -> Deviation

    /// The kernel's time for each of the representative shapes, in seconds; positive.
    func seconds(of values: [String: Int]) throws -> [Double]

    /// Seconds since the search of this kernel began, with everything that was done meanwhile.
    var elapsed: Double { get }

    /// Whether the device launches the kernel at all.
    func isUsed() throws -> Bool
}

extension TuningSubject {
    /// By default it does.
    public func isUsed() -> Bool { true }
}
