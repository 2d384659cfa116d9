import COpenCL

extension Device {
    /// Every device that can compile and run kernels: GPUs first, then accelerators, then CPUs, each in the order of the drivers; of two
    /// drivers for the CPU the faster one is the first.
    /// Empty where no driver offers any (`InstalledDrivers.absence`).
    ///
    /// Enumerated once, under the lock of a static: the first OpenCL calls of a process loaded the drivers from two threads
    /// at once otherwise, and one of the threads then saw no device.
    public static let all: [Device] = {
        _ = ProgramStorage.current
        var found: [(platform: cl_platform_id, device: cl_device_id, kind: Kind)] = []
        for platform in DriverDiscovery.current.offered(platforms) {
            for device in devices(of: platform) {
                guard isUsable(device), let kind = kind(of: device) else { continue }
                found.append((platform, device, kind))
            }
        }
        // Both sorts keep the order among equals.
        let byDriver = found.filter { isPreferred($0.platform) } + found.filter { !isPreferred($0.platform) }
        let ordered = Kind.allCases.flatMap { kind in (kind == .cpu ? byDriver : found).filter { $0.kind == kind } }
        return ordered.enumerated().map {
            Device(id: $0.offset, platform: $0.element.platform, handle: $0.element.device, kind: $0.element.kind)
        }
    }()

    /// PoCL was the faster of two (Benchmarks/Results/2026-11-27-cpu-drivers.md).
    private static func isPreferred(_ platform: cl_platform_id) -> Bool { name(of: platform) == "Portable Computing Language" }

    private static func name(of platform: cl_platform_id) -> String {
        readText { clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_NAME), $0, $1, $2) }
    }

    private static func platforms() -> [cl_platform_id] {
        var count: cl_uint = 0
        // CL_PLATFORM_NOT_FOUND_KHR (−1001) means that no driver is installed, which is no failure.
        guard clGetPlatformIDs(0, nil, &count) == CL_SUCCESS, count > 0 else { return [] }
        var platforms = [cl_platform_id?](repeating: nil, count: Int(count))
        guard clGetPlatformIDs(count, &platforms, nil) == CL_SUCCESS else { return [] }
        return platforms.compactMap { $0 }
    }

    private static func devices(of platform: cl_platform_id) -> [cl_device_id] {
        let type = cl_device_type(CL_DEVICE_TYPE_ALL)
        var count: cl_uint = 0
        guard clGetDeviceIDs(platform, type, 0, nil, &count) == CL_SUCCESS, count > 0 else { return [] }
        var devices = [cl_device_id?](repeating: nil, count: Int(count))
        guard clGetDeviceIDs(platform, type, count, &devices, nil) == CL_SUCCESS else { return [] }
        return devices.compactMap { $0 }
    }

    private static func isUsable(_ device: cl_device_id) -> Bool {
        integer(device, CL_DEVICE_AVAILABLE, as: cl_bool.self) != 0
            && integer(device, CL_DEVICE_COMPILER_AVAILABLE, as: cl_bool.self) != 0
    }

    private static func kind(of device: cl_device_id) -> Kind? {
        let type = integer(device, CL_DEVICE_TYPE, as: cl_device_type.self)
        if type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0 { return .gpu }
        if type & cl_device_type(CL_DEVICE_TYPE_ACCELERATOR) != 0 { return .accelerator }
        if type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0 { return .cpu }
        return nil  // a custom device runs no kernels of ours
    }

    private init(id: Int, platform: cl_platform_id, handle: cl_device_id, kind: Kind) {
        func count<T: FixedWidthInteger>(_ parameter: Int32, as type: T.Type) -> Int {
            Int(clamping: Self.integer(handle, parameter, as: type))
        }
        func text(_ parameter: Int32) -> String {
            readText { clGetDeviceInfo(handle, cl_device_info(parameter), $0, $1, $2) }
        }
        self.id = id
        self.platformHandle = platform
        self.handle = handle
        self.kind = kind
        self.platform = Self.name(of: platform)
        platformVendor = readText { clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_VENDOR), $0, $1, $2) }
        name = text(CL_DEVICE_NAME)
        vendor = text(CL_DEVICE_VENDOR)
        driverVersion = text(CL_DRIVER_VERSION)
        deviceVersion = text(CL_DEVICE_VERSION)
        computeUnits = count(CL_DEVICE_MAX_COMPUTE_UNITS, as: cl_uint.self)
        globalMemoryBytes = count(CL_DEVICE_GLOBAL_MEM_SIZE, as: cl_ulong.self)
        maximumAllocationBytes = count(CL_DEVICE_MAX_MEM_ALLOC_SIZE, as: cl_ulong.self)
        localMemoryBytes = count(CL_DEVICE_LOCAL_MEM_SIZE, as: cl_ulong.self)
        maximumWorkGroupSize = count(CL_DEVICE_MAX_WORK_GROUP_SIZE, as: Int.self)
        supportsDouble = count(CL_DEVICE_DOUBLE_FP_CONFIG, as: cl_device_fp_config.self) != 0
        registerBytes = MemoryLayout<Float>.size * max(1, count(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, as: cl_uint.self))
        clockMegahertz = count(CL_DEVICE_MAX_CLOCK_FREQUENCY, as: cl_uint.self)
        let isNVIDIA = text(CL_DEVICE_EXTENSIONS).contains("cl_nv_device_attribute_query")
        computeCapability = isNVIDIA ? count(CL_DEVICE_COMPUTE_CAPABILITY_MAJOR_NV, as: cl_uint.self) : 0
    }

    /// Zero where the driver does not know the parameter.
    private static func integer<T: FixedWidthInteger>(_ device: cl_device_id, _ parameter: Int32, as type: T.Type) -> T {
        var value = T.zero
        return clGetDeviceInfo(device, cl_device_info(parameter), MemoryLayout<T>.size, &value, nil) == CL_SUCCESS ? value : 0
    }
}

/// The text behind one of OpenCL's `clGet…Info` calls, without its terminating zero and surrounding blanks; empty on failure.
func readText(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32) -> String {
    var size = 0
    guard query(0, nil, &size) == CL_SUCCESS, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    guard query(size, &bytes, nil) == CL_SUCCESS else { return "" }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else {
        return ""
    }
    return String(text[first...last])
}
