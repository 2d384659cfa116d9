import Compute
import OpenCL

extension BenchmarkStage {
    /// Those of networks: outputs, Jacobians, tangent kernels and training.
    public static let networks: [BenchmarkStage] = [
        .weights, .forward, .backward, .tangent, .jacobian, .loss, .update, .ntk, .train, .gemm,
    ]

    /// Drawing the initial weights.
    public static let weights = BenchmarkStage("weights", kernels: ["initial_weights"], unit: "weights/s")
    /// One forward pass of all layers.
    public static let forward = BenchmarkStage("forward", kernels: ["forward"], unit: "flop/s")
    /// One backward pass from every output of every point.
    public static let backward = BenchmarkStage("backward", kernels: ["backward", "unit_sensitivities"], unit: "flop/s")
    /// The Gram matrices of all layers and their Hadamard products.
    public static let tangent = BenchmarkStage("tangent", kernels: ["tangent", "tangent_slices", "tangent_finish"], unit: "flop/s")
    /// The per-sample Jacobian, written to device memory.
    public static let jacobian = BenchmarkStage("jacobian", kernels: ["jacobian"], unit: "byte/s")
    /// Losses and their slopes at the K + 1 steps of a training layer by layer.
    public static let loss = BenchmarkStage("loss", kernels: ["loss"], unit: "losses/s")
    /// The K updates of a training layer by layer.
    public static let update = BenchmarkStage("update", kernels: ["update"], unit: "byte/s")
    /// A tangent kernel from given weights: forward, backward, tangent.
    public static let ntk = BenchmarkStage("ntk", kernels: nil, preparations: ["initial_weights"], unit: "flop/s")
    /// A training from given weights, with all outputs recorded: many steps a launch, or forward, loss, backward and update K times,
    /// whichever the engine chooses for the problem.
    public static let train = BenchmarkStage("train", kernels: nil, preparations: ["initial_weights"], unit: "member-steps/s")
    /// A matrix product (N, n)(n, n) for each member, n the width: the forward kernel on one layer without activation.
    public static let gemm = BenchmarkStage("gemm", kernels: ["forward"], unit: "flop/s")
}

extension TunableKernel {
    /// The kernels of networks that can be tuned.
    public static let networks: [TunableKernel] = [.forward, .backward, .update, .tangent, .train]

    /// `forward.cl`.
    public static let forward = TunableKernel(
        "forward",
        conflict: { row, device, elementBytes in
            guard row[.stagedBlock] > 0 else { return nil }
            guard row[.groupSize] == 1 else { return (.stagedBlock, "0 with a groupSize of \(row[.groupSize]), or groupSize 1") }
            // Two panels are the fewest of a tile that shares a copied strip.
            let columnBytes = row[.panelSums] / 2 * elementBytes, local = device.localMemoryBytes
            guard row[.stagedBlock] * columnBytes > local else { return nil }
            return (
                .stagedBlock, "at most \(local / columnBytes) with panelSums \(row[.panelSums]), for \(local) bytes of local memory"
            )
        },
        axes: { kind in
            // Strips are copied by work-groups of one work-item only.
            let blocks =
                kind == .cpu
                ? [
                    TuningAxis(.stagedBlock, [0, 32, 64, 128, 256]), TuningAxis(.forwardBlock, [16, 32, 64, 128]),
                    TuningAxis(.fewPanels, [0, 4, 8, 16]),
                ] : []
            return TuningAxis.groups(kind) + [.sums(kind)] + blocks + [.chunk(kind)] + TuningAxis.division(kind)
        })

    /// `backward.cl`.
    public static let backward = TunableKernel("backward") { kind in
        TuningAxis.groups(kind) + [.sums(kind), .chunk(kind)]
            + (kind == .cpu ? [TuningAxis(.backwardBlock, [32, 64, 128, 256, 512])] : []) + TuningAxis.division(kind)
    }

    /// `update.cl`.
    public static let update = TunableKernel("update") { kind in
        TuningAxis.groups(kind) + [.sums(kind), .chunk(kind)] + TuningAxis.division(kind)
    }

    /// `tangent.cl`.
    public static let tangent = TunableKernel("tangent") { kind in
        let isCPU = kind == .cpu
        // Tiles whose sums wait in private memory are for caches, not for registers alone.
        let blocks = isCPU ? [TuningAxis(.tangentBlock, [64, 128, 256, 512]), TuningAxis(.tangentGroup, [16, 32, 64, 128])] : []
        return TuningAxis.groups(kind) + [TuningAxis(.tangentRows, isCPU ? [2, 4, 8, 16] : [1, 2, 4, 8])] + blocks
            + TuningAxis.division(kind)
    }

    /// `train.cl`: one work-item for each member; on other devices, where there are so few, `train_resident.cl`, a work-group for each.
    public static let train = TunableKernel(
        "train", files: ["train.cl", "train_resident.cl"],
        conflict: { row, device, _ in
            let most = device.maximumWorkGroupSize
            return row[.trainingGroup] > most ? (.trainingGroup, "at most \(most), the largest work-group of \(device.name)") : nil
        },
        axes: { kind in
            kind == .cpu
                ? [TuningAxis(.sampleTile, [1, 2, 4, 6, 8])]
                : [
                    TuningAxis(.residentRegisters, [0, 128, 255]), TuningAxis(.residentColumns, [0, 4, 8]),
                    TuningAxis(.trainingGroup, [64, 128, 256, 512]),
                ]
        })
}
