import COpenCL
import Synchronization

/// What decides the compiled form of a program. Two equal keys give the same binary.
struct ProgramKey: Hashable, Sendable {
    var source: String
    var options: String
    var device: Device

    /// The key as text, for files. Lengths stand before the fields, so that no two keys have the same text.
    var text: String {
        [device.platform, device.name, device.driverVersion, device.deviceVersion, options, source]
            .map { "\($0.utf8.count)\n\($0)\n" }.joined()
    }
}

/// Owns a compiled program. Knows no context, which keeps it in a table.
///
/// `@unchecked Sendable`: the handle never changes, and OpenCL objects may be used from every thread.
final class ProgramHandle: @unchecked Sendable {
    let handle: cl_program
    /// The kernels that were launched, by name and size of the work-groups: the first of such launches may wait for the compiler.
    private let launched = Mutex<Set<Launch>>([])

    /// Of each kernel what its function declares, and those that nobody has: making one takes longer than a small launch.
    private let kernels = Mutex<[String: (signature: KernelSignature, idle: [KernelHandle])]>([:])

    private struct Launch: Hashable {
        let name: String
        let local: [Int]
    }

    /// Whether no kernel of that name was launched so before; from now on it was.
    func isFirstLaunch(of name: String, local: [Int]) -> Bool {
        launched.withLock { $0.insert(Launch(name: name, local: local)).inserted }
    }

    init(_ handle: cl_program) { self.handle = handle }

    /// Whether a kernel of that name was made before.
    func knows(_ name: String) -> Bool { kernels.withLock { $0[name] != nil } }

    /// A kernel without arguments, which is the caller's until it is given back.
    func kernel(named name: String, _ context: Context) throws -> KernelHandle {
        let (idle, known) = kernels.withLock { ($0[name]?.idle.popLast(), $0[name]?.signature) }
        if let idle { return idle }
        let made = try KernelHandle(handle, name: name, context: context, known: known)
        if known == nil { kernels.withLock { $0[name] = $0[name] ?? (made.signature, []) } }
        return made
    }

    /// Takes back a kernel whose arguments nobody sets any more.
    func giveBack(_ kernel: KernelHandle, named name: String) {
        kernels.withLock { $0[name]?.idle.append(kernel) }
    }

    deinit { clReleaseProgram(handle) }
}

/// A compiled OpenCL C program.
public struct Program: Sendable {
    public let context: Context
    let program: ProgramHandle

    /// The names of its kernels, sorted.
    public var kernelNames: [String] {
        readText { clGetProgramInfo(program.handle, cl_program_info(CL_PROGRAM_KERNEL_NAMES), $0, $1, $2) }
            .split(separator: ";").map(String.init).sorted()
    }

    /// The kernel of this name, with arguments of its own: two kernels made so can be launched from two tasks at once.
    /// - Throws: `OpenCLError.noSuchKernel`, `damagedCache`, `callFailed`.
    public func kernel(named name: String) throws -> Kernel {
        if program.knows(name) { return try Kernel(context: context, program: program, name: name) }
        let kernelNames = kernelNames
        if kernelNames.isEmpty, context.device.keepsPrograms {
            throw OpenCLError.damagedCache(folder: ProgramStorage.current.folder ?? "")
        }
        guard kernelNames.contains(name) else { throw OpenCLError.noSuchKernel(asked: name, available: kernelNames) }
        return try Kernel(context: context, program: program, name: name)
    }
}

extension Context {
    /// A compiled program: from memory where this context built it before, from the disk cache where another run did,
    /// from source otherwise.
    ///
    /// - Parameters:
    ///   - source: OpenCL C that includes no other file (the caches could not see that one change). `#line` directives name
    ///     files in the compiler's messages.
    ///   - options: the compiler's options, such as `-DREAL=float`. Default: none.
    /// - Throws: `OpenCLError.buildFailed` with the compiler's log, or `callFailed`.
    public func program(source: String, options: String = "") throws -> Program {
        let key = ProgramKey(source: source, options: options, device: device)
        let program = try programs.withLock { programs in
            if let known = programs[key] { return known }
            let made = try load(key) ?? compile(key)
            programs[key] = made
            return made
        }
        return Program(context: self, program: program)
    }

    private func compile(_ key: ProgramKey) throws -> ProgramHandle {
        let wait = Compilation.begin(in: self)
        defer { Compilation.end(wait) }
        let program = try key.source.withCString { text in
            var lines: UnsafePointer<CChar>? = text
            return try make("clCreateProgramWithSource") { clCreateProgramWithSource(handle, 1, &lines, nil, &$0) }
        }
        let owner = ProgramHandle(program)
        do {
            try build(program, options: key.options)
        } catch OpenCLError.callFailed(_, CL_BUILD_PROGRAM_FAILURE) {
            let log = readText {
                clGetProgramBuildInfo(program, device.handle, cl_program_build_info(CL_PROGRAM_BUILD_LOG), $0, $1, $2)
            }
            throw OpenCLError.buildFailed(log: log.isEmpty ? "the compiler gave no log" : log, options: key.options, device: device.name)
        }
        count { $0.programsCompiled += 1 }
        if let cache, let binary = binary(of: program) { cache.store(binary, for: key) }
        return owner
    }

    /// `nil` where the cache has nothing for the key or the driver refuses what it has: the caller then compiles.
    private func load(_ key: ProgramKey) -> ProgramHandle? {
        guard let binary = cache?.load(key), !binary.isEmpty else { return nil }
        var id: cl_device_id? = device.handle
        let program = try? binary.withUnsafeBufferPointer { bytes in
            var size = bytes.count
            var start = bytes.baseAddress
            var status = CL_SUCCESS
            return try make("clCreateProgramWithBinary") {
                clCreateProgramWithBinary(handle, 1, &id, &size, &start, &status, &$0)
            }
        }
        guard let program else { return nil }
        let owner = ProgramHandle(program)
        // Arguments are set by name, which not every driver finds in a binary.
        guard (try? build(program, options: key.options)) != nil, namesParameters(owner) else { return nil }
        count { $0.programsLoaded += 1 }
        return owner
    }

    private func namesParameters(_ owner: ProgramHandle) -> Bool {
        let program = Program(context: self, program: owner)
        guard let name = program.kernelNames.first else { return true }
        return (try? Kernel(context: self, program: owner, name: name)) != nil
    }

    private func build(_ program: cl_program, options: String) throws {
        var id: cl_device_id? = device.handle
        // With the parameters' names and types, by which a launch sets them.
        let options = "-cl-kernel-arg-info \(options)"
        try check("clBuildProgram") { clBuildProgram(program, 1, &id, options, nil, nil) }
    }

    private func binary(of program: cl_program) -> [UInt8]? {
        var size = 0
        let word = MemoryLayout<Int>.size
        let known = clGetProgramInfo(program, cl_program_info(CL_PROGRAM_BINARY_SIZES), word, &size, nil)
        guard known == CL_SUCCESS, size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let status = bytes.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return clGetProgramInfo(program, cl_program_info(CL_PROGRAM_BINARIES), MemoryLayout.size(ofValue: start), &start, nil)
        }
        return status == CL_SUCCESS ? bytes : nil
    }
}
