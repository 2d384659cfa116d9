/// What can go wrong between a program and an OpenCL device. Every message names what was asked, what there is and what to change.
public enum OpenCLError: Error, Equatable, Sendable {
    /// An OpenCL call returned a status other than `CL_SUCCESS`.
    case callFailed(call: String, code: Int32)
    /// The device's compiler refused a program; `log` is what it said, with the files and lines of the `#line` directives.
    case buildFailed(log: String, options: String, device: String)
    /// A device was asked for that is not there. `available` lists the devices as `Device.description` prints them.
    case noSuchDevice(asked: String, available: [String])
    /// More memory was asked for than one allocation may have, or than the device has left; sizes in bytes.
    case allocationTooLarge(asked: Int, available: Int, remedy: String)
    /// Double precision was asked of a device that has none.
    case doubleUnsupported(device: String)
    /// The arguments or sizes of a launch do not fit the kernel or the device.
    case argumentMismatch(kernel: String, reason: String)
    /// A program came without any kernel out of the driver's own cache, which is damaged then.
    case damagedCache(folder: String)
    /// A program holds no kernel of this name.
    case noSuchKernel(asked: String, available: [String])
    /// Elements outside a buffer of `count` elements were asked for, or a negative number of them.
    case outOfRange(offset: Int, length: Int, count: Int)
}

extension OpenCLError: CustomStringConvertible {
    /// One message for a person, ending with a remedy where there is one.
    public var description: String {
        switch self {
        case .callFailed(let call, let code):
            let failure = "\(Self.name(of: code)) (\(code)) in \(call)"
            return Self.remedy(for: code).map { "\(failure): \($0)" } ?? failure
        case .buildFailed(let log, let options, let device):
            return "the OpenCL compiler of \(device) refused a program (options: \(options.isEmpty ? "none" : options)):\n\(log)"
        case .noSuchDevice(let asked, let available):
            guard !available.isEmpty else {
                return "no OpenCL device '\(asked)': there is none at all, because \(InstalledDrivers.absence())"
            }
            let list = available.map { "\n  \($0)" }.joined()
            let failures = InstalledDrivers.failures().map { "\nOf the drivers, \($0)" }.joined()
            return """
                no OpenCL device '\(asked)'; there are\(list)\(failures)
                Ask for a number of this list, a part of a name, a driver (pocl, nvidia, intel), gpu, accelerator, cpu or opencl, \
                or install the driver of the missing device (a GPU driver with OpenCL, or pocl-opencl-icd for the CPU)
                """
        case .allocationTooLarge(let asked, let available, let remedy):
            return "\(asked) bytes of device memory asked for, \(available) available: \(remedy)"
        case .doubleUnsupported(let device):
            return "\(device) has no double precision: choose float32, or another device"
        case .argumentMismatch(let kernel, let reason):
            return "kernel \(kernel): \(reason)"
        case .damagedCache(let folder):
            return "PoCL's cache of compiled kernels, \(folder), is damaged: remove that folder, or set POCL_CACHE_DIR to another one, "
                + "and run the command again"
        case .noSuchKernel(let asked, let available):
            return "no kernel '\(asked)' in this program; there are: \(available.joined(separator: ", "))"
        case .outOfRange(let offset, let length, let count):
            return "\(length) elements from element \(offset) on asked for, of a buffer of \(count)"
        }
    }

    /// Whether a driver says that a group has more work-items than there are registers or local memory for. A device that failed may say the
    /// same.
    package var refusesGroup: Bool {
        guard case .callFailed("clEnqueueNDRangeKernel", let code) = self else { return false }
        return ["CL_OUT_OF_RESOURCES", "CL_INVALID_WORK_GROUP_SIZE"].contains(Self.name(of: code))
    }

    private static func remedy(for code: Int32) -> String? {
        switch name(of: code) {
        case "CL_OUT_OF_RESOURCES":
            return "the device failed, or a kernel needs more registers or local memory than it has; use smaller batches, "
                + "and see whether another process holds the device"
        case "CL_MEM_OBJECT_ALLOCATION_FAILURE":
            return "the device's memory is full; use smaller batches, and see whether another process holds the device"
        case "CL_OUT_OF_HOST_MEMORY":
            return "the host's memory is full; use smaller batches"
        case "CL_DEVICE_NOT_AVAILABLE":
            return "another process holds the device, or its driver must be restarted"
        default:
            return nil
        }
    }
}
