// A thin safe Swift face on OpenCL 1.2: devices, contexts, buffers, programs, kernels and events. Knows no physics.
//
// A `Context` is one device with one in-order queue, and everything else is made by it:
//
//     let context = try Context(device: device)
//     let program = try context.program(source: source, options: "-DREAL=float")
//     let kernel = try program.kernel(named: "saxpy")
//     let x = try context.makeBuffer([1, 2, 3] as [Float])
//     try kernel.launch(global: [3], local: [1], arguments: ["x": x, "a": 2.0, "count": 3])
//     let result = try x.read()
