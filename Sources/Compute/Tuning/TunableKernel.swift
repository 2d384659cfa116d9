import Arrays
import OpenCL

/// A kernel whose row of tuning parameters can be searched on a device, as its family declares it.
public struct TunableKernel: Sendable {
    /// The kernel's name, which no other kernel has.
    public let name: String
    /// The files that it is compiled from, of which the first opens with what the kernel computes.
    package let files: [String]
    /// The names under which it is launched, which are those of its files.
    package var launched: [String] { files.map { String($0.prefix { $0 != "." }) } }
    /// The parameters that the kernel reads, on any device.
    package let parameters: [TuningParameter]
    private let axes: @Sendable (Device.Kind) -> [TuningAxis]
    /// The parameter of a row whose value does not go with the others or with the device, and what it must be.
    let conflict: @Sendable (_ row: Tuning, _ device: Device, _ elementBytes: Int) -> (parameter: TuningParameter, limit: String)?
    private let library: KernelLibrary

    /// A kernel.
    /// - Parameters:
    ///   - files: Default: that of its name.
    ///   - library: where the files are. Default: the files of the folder `Kernels`.
    ///   - conflict: the parameter of a row whose value does not go with the others or with the device, and what it must be. Default: none.
    ///   - axes: what is worth trying on devices of a kind: the parameters that the kernel reads, the one that matters most first, each with
    ///     values in ascending order. Empty where the kernel is not used.
    package init(
        _ name: String, files: [String]? = nil, library: KernelLibrary = KernelLibrary(),
        conflict:
            @escaping @Sendable (_ row: Tuning, _ device: Device, _ elementBytes: Int) -> (
                parameter: TuningParameter, limit: String
            )? = { _, _, _ in nil },
        axes: @escaping @Sendable (Device.Kind) -> [TuningAxis]
    ) {
        self.name = name
        self.files = files ?? [name + ".cl"]
        self.library = library
        self.conflict = conflict
        self.axes = axes
        var seen: Set<String> = []
        parameters = Device.Kind.allCases.flatMap(axes).map(\.parameter).filter { seen.insert($0.name).inserted }
    }

    /// What is worth trying on devices of that kind: the parameters that the kernel reads, the one that matters most first, each with
    /// values in ascending order. Empty where the kernel is not used.
    public func axes(on kind: Device.Kind) -> [TuningAxis] { axes(kind) }

    /// A checksum of the sources it is compiled from, by which what was measured with others is known. Nil where they cannot be read.
    var sourceDigest: String? { (try? files.map { try library.source($0) }).map { "\(Checksum(of: $0.joined()))" } }
}

extension TunableKernel: Hashable, Encodable {
    /// Kernels are told apart by their names.
    public static func == (a: TunableKernel, b: TunableKernel) -> Bool { a.name == b.name }

    /// By the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
