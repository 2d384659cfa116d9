/// A number by which kernels are compiled and their work is divided, with its value on each class of devices. Those that all families
/// share are here; a family declares its own beside its kernels.
package struct TuningParameter: Sendable, Hashable {
    /// As tables of tuned kernels name it; no other parameter of the same kernel has the name.
    package let name: String
    /// Where nothing else is said: on CPUs with registers of 512 bits, on those with shorter ones, and on all other devices.
    let cpu, narrowCPU, gpu: Int
    /// What a kernel's own row may have.
    let range: ClosedRange<Int>
    let isPowerOfTwo: Bool

    /// A parameter.
    /// - Parameter narrowCPU: Default: that of other CPUs.
    package init(
        _ name: String, cpu: Int, narrowCPU: Int? = nil, gpu: Int, _ range: ClosedRange<Int> = 0 ... .max, isPowerOfTwo: Bool = false
    ) {
        self.name = name
        self.cpu = cpu
        self.narrowCPU = narrowCPU ?? cpu
        self.gpu = gpu
        self.range = range
        self.isPowerOfTwo = isPowerOfTwo
    }

    /// The same on all devices.
    package init(_ name: String, _ value: Int, _ range: ClosedRange<Int> = 0 ... .max, isPowerOfTwo: Bool = false) {
        self.init(name, cpu: value, gpu: value, range, isPowerOfTwo: isPowerOfTwo)
    }

    func allows(_ value: Int) -> Bool { range.contains(value) && (!isPowerOfTwo || value.nonzeroBitCount == 1) }

    /// What it must be, in words.
    var limit: String {
        let kind = isPowerOfTwo ? "a power of two" : "a whole number"
        return range.upperBound == .max
            ? "\(kind) of at least \(range.lowerBound)" : "\(kind) from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension TuningParameter {
    /// Bytes of an explicit vector: the width of a register on a CPU, 16 on a GPU whose lanes are the vector.
    package static let vectorBytes = TuningParameter("vectorBytes", cpu: 64, narrowCPU: 32, gpu: 16)
    /// Work-items of a work-group.
    package static let groupSize = TuningParameter("groupSize", cpu: 1, gpu: 64, 1...1024)
    /// Work-items for each compute unit that are enough to keep it busy.
    package static let itemsPerUnit = TuningParameter("itemsPerUnit", cpu: 8, gpu: 2048, 1...1 << 16)
    /// Bytes of local memory that a group may take.
    package static let localBytes = TuningParameter("localBytes", cpu: 0, gpu: 48 << 10)

    /// Vectors of sums in the registers of a work-item of a product (`product.clh`). A tile of three panels needs a vector for each of them.
    package static let panelSums = TuningParameter("panelSums", cpu: 24, narrowCPU: 12, gpu: 8, 3...64)
    /// Vectors of columns that a work-item takes together.
    package static let panelChunk = TuningParameter("panelChunk", cpu: 32, gpu: 2, 1...1 << 16)
    /// Rows of the largest tile that a work-group takes of a product of matrices; 0 where work-items have tiles of their own. Only with vectors
    /// of 16 bytes.
    package static let tileRows = TuningParameter("tileRows", cpu: 0, gpu: 128, 0...128)
    /// 1 where tensor cores take such tiles in float, every factor split in two TF32 numbers.
    package static let splitsProducts = TuningParameter("splitsProducts", 0, 0...1)
}
