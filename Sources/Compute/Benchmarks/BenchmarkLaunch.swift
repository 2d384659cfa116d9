import OpenCL

/// A launch of a kernel in the job of a stage, timed on a device.
public struct BenchmarkLaunch: Sendable, Hashable, Encodable {
    /// Whose job it is.
    public let stage: BenchmarkStage
    /// The kernel's name.
    public let kernel: String
    /// Work-items in each dimension, and those of a work-group.
    public let global: [Int], local: [Int]
    /// Work-groups.
    public let groups: Int
    /// The median of the repeats, in seconds of the device.
    public let medianSeconds: Double

    enum CodingKeys: String, CodingKey, CaseIterable {
        case stage, kernel, groups
        case global = "global_size", local = "local_size", medianSeconds = "median_s"
    }

    /// The launches of a job, in their order, from those of each of its repeats, of which there must be one at least. Those that prepare
    /// the work of the stage are left out, and so are repeats with another number of launches than the first.
    public static func medians(_ repeats: [[LaunchTime]], of stage: BenchmarkStage) -> [BenchmarkLaunch] {
        let own = repeats.map { $0.filter { !stage.preparations.contains($0.kernel) } }
        let alike = own.filter { $0.count == own[0].count }
        return own[0].enumerated().map { place, launch in
            BenchmarkLaunch(
                stage: stage, kernel: launch.kernel, global: launch.global, local: launch.local, groups: launch.groups,
                medianSeconds: BenchmarkMeasurement.median(alike.map { $0[place].seconds }))
        }
    }
}
