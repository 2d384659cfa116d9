import Foundation
import OpenCL
import Synchronization
import TestSupport
import Testing

/// The best device of this machine. A machine without one fails the tests: PoCL makes any machine a device.
func anyDevice() throws -> Device {
    try #require(Device.all.first, "no OpenCL device: install pocl-opencl-icd")
}

/// The place of a folder that is not there yet, for one test's program cache, removed afterwards.
func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    try TemporaryFolder.with { try body($0.url.appending(path: "new")) }
}

/// A device whose `call` fails with `code` at its `nth` use after `arm()`, and works before and after.
final class Fault: Sendable {
    private let call: String
    private let nth: Int
    private let code: Int32
    private let seen = Mutex<Int?>(nil)

    init(_ call: String, nth: Int = 1, code: Int32) {
        (self.call, self.nth, self.code) = (call, nth, code)
    }

    func arm() { seen.withLock { $0 = 0 } }

    var hook: Context.FaultHook {
        { [self] name in
            guard name == call else { return nil }
            return seen.withLock { seen in
                guard let before = seen else { return nil }
                seen = before + 1
                return before + 1 == nth ? code : nil
            }
        }
    }
}

/// `y ← a x + y` in the precision REAL, for the first `count` elements.
let saxpySource = """
    #ifdef DOUBLE
    #pragma OPENCL EXTENSION cl_khr_fp64 : enable
    #define REAL double
    #else
    #define REAL float
    #endif
    kernel void saxpy(global REAL *y, global const REAL *x, REAL a, int count) {
        int i = get_global_id(0);
        if (i < count) y[i] += a * x[i];
    }
    """
