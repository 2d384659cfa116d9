import Compute
import Networks
import OpenCL

/// The launches that pass layer by layer, made once for a batch.
struct LayerPasses {
    let batch: DeviceBatch
    private let forwardLaunches: [Launch]
    private let tangentKernel: [Launch]
    private let contraction: JacobianContraction?

    init(_ batch: DeviceBatch) throws {
        self.batch = batch
        let isWhole = batch.job.kernelRectangles.isEmpty
        forwardLaunches = batch.plan.usesPanels ? try batch.makeForward() : []
        tangentKernel = isWhole && batch.job.tangentKernel == .gram ? try batch.makeTangentKernel() : []
        contraction = isWhole && batch.job.tangentKernel == .jacobian ? try batch.makeContraction() : nil
    }

    /// Values and slopes of all layers at the present weights.
    func forward() throws { for launch in forwardLaunches { try launch() } }

    /// Θ of all members after `forward`. False if the delivery stopped the work.
    func deliverTangentKernel(step: Int, _ deliver: (Block) throws -> Bool) throws -> Bool {
        try contraction?()
        for launch in tangentKernel { try launch() }
        let kernels = try batch.arrays[.tangentKernel]?.read(0..<batch.count * batch.rows * batch.rows) ?? []
        return try deliver(.tangentKernel(members: batch.members, step: step, values: kernels))
    }
}
