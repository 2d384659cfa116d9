extension Device {
    /// The device that a user asked for.
    ///
    /// - Parameters:
    ///   - request: `opencl` for the best device, an index into `all`, a kind (`gpu`, `accelerator`, `cpu`), a word of the platform's name
    ///     or maker (`pocl`, `nvidia`, `intel`), or a part of a device's name or platform, in any case and tried in this order; the first
    ///     device that fits is taken. `nil` or empty: the variable `INFLATON_DEVICE`, and without it the best device, GPUs first.
    ///   - environment: the variables of the process.
    ///   - devices: what there is to choose from. Default: `Device.all`.
    /// - Returns: `nil` only where nothing was asked for and there is no device.
    /// - Throws: `OpenCLError.noSuchDevice` where an explicit request cannot be met.
    public static func select(_ request: String?, environment: [String: String], among devices: [Device] = Device.all) throws -> Device? {
        let requests = [request, environment["INFLATON_DEVICE"]]
        guard let asked = requests.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { return devices.first }
        guard let device = match(asked.lowercased(), among: devices) else {
            throw OpenCLError.noSuchDevice(asked: asked, available: devices.map(\.description))
        }
        return device
    }

    private static func match(_ request: String, among devices: [Device]) -> Device? {
        if request == "opencl" { return devices.first }
        if let index = Int(request) { return devices.first { $0.id == index } }
        if let kind = Kind(rawValue: request) { return devices.first { $0.kind == kind } }
        // Before parts of names: PoCL's device is named for the processor, whose maker may have another driver beside it.
        return devices.first { $0.platformWords.contains(Substring(request)) }
            ?? devices.first { $0.name.lowercased().contains(request) }
            ?? devices.first { $0.platform.lowercased().contains(request) }
    }

    /// The words of the platform's name and maker, in lower case.
    private var platformWords: [Substring] {
        "\(platform) \(platformVendor)".lowercased().split { !$0.isLetter && !$0.isNumber }
    }
}
