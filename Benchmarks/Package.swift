// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of Inflaton do not build the benchmark's dependencies.
let package = Package(
    name: "inflaton-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "inflaton", path: ".."),
        // Without its traits it needs no jemalloc.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "StageBenchmarks",
            dependencies: [
                .product(name: "Checks", package: "inflaton"), .product(name: "Compute", package: "inflaton"),
                .product(name: "Engines", package: "inflaton"), .product(name: "OpenCL", package: "inflaton"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/StageBenchmarks",
            swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")],
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ],
    swiftLanguageModes: [.v6]
)
