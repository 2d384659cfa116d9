import OpenCL
import Testing

@Suite struct ErrorTests {
    // Codes and names of the OpenCL 1.2 specification and of cl_khr_icd.
    @Test(
        arguments: [
            (0, "CL_SUCCESS"), (-1, "CL_DEVICE_NOT_FOUND"), (-4, "CL_MEM_OBJECT_ALLOCATION_FAILURE"), (-5, "CL_OUT_OF_RESOURCES"),
            (-6, "CL_OUT_OF_HOST_MEMORY"), (-11, "CL_BUILD_PROGRAM_FAILURE"), (-14, "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"),
            (-30, "CL_INVALID_VALUE"), (-36, "CL_INVALID_COMMAND_QUEUE"), (-42, "CL_INVALID_BINARY"), (-51, "CL_INVALID_ARG_SIZE"),
            (-54, "CL_INVALID_WORK_GROUP_SIZE"), (-68, "CL_INVALID_DEVICE_PARTITION_COUNT"), (-1001, "CL_PLATFORM_NOT_FOUND_KHR"),
        ] as [(Int32, String)]) func codesHaveTheirNames(code: Int32, name: String)
    {
        #expect(OpenCLError.name(of: code) == name)
        #expect(OpenCLError.callFailed(call: "clFinish", code: code).description.hasPrefix("\(name) (\(code)) in clFinish"))
    }

    @Test func noCodeOfTheSpecificationLacksAName() {
        // The specification numbers its errors −1 … −19 and −30 … −68.
        for code in Array(-19...(-1)) + Array(-68...(-30)) {
            #expect(OpenCLError.name(of: Int32(code)).hasPrefix("CL_"), "\(code)")
        }
        #expect(OpenCLError.name(of: 12345) == "unknown OpenCL status")
    }

    @Test(arguments: [
        "clCreateContext", "clCreateCommandQueue", "clCreateProgramWithSource", "clBuildProgram", "clCreateKernel", "clCreateBuffer",
        "clEnqueueWriteBuffer", "clEnqueueFillBuffer", "clEnqueueCopyBuffer", "clSetKernelArg", "clEnqueueNDRangeKernel",
        "clWaitForEvents", "clGetEventProfilingInfo", "clEnqueueReadBuffer", "clFlush", "clFinish",
    ]) func aFailureOfAnyCallComesBackByNameAndTheDeviceWorksOn(call: String) throws {
        let device = try anyDevice()
        let fault = Fault(call, code: -5)
        fault.arm()
        func work(_ context: Context) throws -> [Float] {
            let kernel = try context.program(source: saxpySource).kernel(named: "saxpy")
            let x = try context.makeBuffer([1, 2, 3] as [Float])
            let y = try context.makeBuffer(of: Float.self, count: 3)
            try y.fillWithZero()
            try y.copy(from: x)
            _ = try context.profile {
                try kernel.launch(global: [3], local: [1], arguments: ["y": y, "x": x, "a": 2.0, "count": 3]).wait()
            }
            try context.flush()
            try context.finish()
            return try y.read()
        }
        let expected = OpenCLError.callFailed(call: call, code: -5)
        if ["clCreateContext", "clCreateCommandQueue"].contains(call) {
            #expect(throws: expected) { try Context(device: device, cache: nil, faultHook: fault.hook) }
        } else {
            let context = try Context(device: device, cache: nil, faultHook: fault.hook)
            #expect(throws: expected) { try work(context) }
            // The fault has passed: the same context must work, and hold nothing of the failed attempt.
            #expect(try work(context) == [3, 6, 9])
            #expect(context.allocatedBytes == 0)
        }
        #expect(expected.description.hasPrefix("CL_OUT_OF_RESOURCES (-5) in \(call)"))
    }

    @Test func aDeviceMayFailInTheMiddleOfALoop() throws {
        let fault = Fault("clEnqueueNDRangeKernel", nth: 3, code: -36)
        let context = try Context(device: try anyDevice(), cache: nil, faultHook: fault.hook)
        let kernel = try context.program(source: saxpySource).kernel(named: "saxpy")
        let x = try context.makeBuffer([1] as [Float])
        let y = try context.makeBuffer([0] as [Float])
        fault.arm()
        #expect(throws: OpenCLError.callFailed(call: "clEnqueueNDRangeKernel", code: -36)) {
            for _ in 0..<5 { try kernel.launch(global: [1], local: [1], arguments: ["y": y, "x": x, "a": 1.0, "count": 1]) }
        }
        #expect(context.counters.launches == 2)
        #expect(try y.read() == [2])
    }
}
