import OpenCL

/// A kernel with its arguments and the work-items that it takes: made once for a batch, launched as often as this needs.
package struct Launch {
    package let kernel: Kernel
    package let global: [Int]
    package let local: [Int]

    /// - Throws: errors of the device.
    package init(_ kernel: Kernel, global: [Int], local: [Int], _ arguments: [String: any KernelValue]) throws {
        self.kernel = kernel
        self.global = global
        self.local = local
        try kernel.bind(arguments)
    }

    /// Enqueues it.
    /// - Parameter changing: arguments that were not given at first, or that change from launch to launch.
    /// - Throws: errors of the device.
    package func callAsFunction(_ changing: [String: any KernelValue] = [:]) throws {
        try kernel.launch(global: global, local: local, arguments: changing)
    }
}
