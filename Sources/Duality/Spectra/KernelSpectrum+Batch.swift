import Arrays

extension KernelSpectrum {
    /// The spectra of many kernels of one shape, on all cores; one that fails leaves the others intact.
    ///
    /// - Parameters: as the initialiser's; `kernels` are the elements of each.
    public static func batch(
        _ kernels: [[Double]], points: Int, outputs: Int = 1, unitRoundoff: Double = 0x1p-53, gramUnitRoundoff: Double = 0x1p-53
    ) -> [Result<KernelSpectrum, DualityError>] {
        let results = HostThreads.withoutNesting {
            // `parallelMap` throws only what its closure throws, and this one does not.
            try? kernels.parallelMap { elements in
                Result<KernelSpectrum, DualityError> { () throws(DualityError) in
                    try KernelSpectrum(
                        elements: elements, points: points, outputs: outputs, unitRoundoff: unitRoundoff,
                        gramUnitRoundoff: gramUnitRoundoff)
                }
            }
        }
        return results ?? []
    }
}

extension FrozenNetwork {
    /// The eigenmodes of the network's kernel.
    /// - Parameters: the roundoffs as of `KernelSpectrum`'s initialiser.
    /// - Throws: `DualityError.eigenproblem`.
    public func spectrum(
        unitRoundoff: Double = 0x1p-53, gramUnitRoundoff: Double = 0x1p-53
    ) throws(DualityError) -> KernelSpectrum {
        try KernelSpectrum(
            kernel, points: points, outputs: fields / points, unitRoundoff: unitRoundoff, gramUnitRoundoff: gramUnitRoundoff)
    }
}
