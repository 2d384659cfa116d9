// swift-tools-version: 6.1
import PackageDescription

// The rooms of the house, each a library. A room may import only rooms before it.
let rooms = [
    "Arrays", "Expressions", "OpenCL", "Compute", "Networks", "Engines", "Cosmology", "Duality", "Figures", "Learning", "Runs", "ScanFiles",
    "Stores",
    "Experiments",
    "Report",
    "Checks",
]

let package = Package(
    name: "inflaton",
    products: [
        .executable(name: "inflaton", targets: ["inflaton"]),
        .library(name: "Inflaton", targets: rooms),
    ] + rooms.map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenCL", pkgConfig: "OpenCL", providers: [.apt(["ocl-icd-opencl-dev", "opencl-headers"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),

        // The OpenCL C sources of the folder Kernels, written into the binary by a plugin, and the scan files of Examples, further below.
        .plugin(name: "EmbedFiles", capability: .buildTool()),
        .target(name: "Kernels", plugins: ["EmbedFiles"]),

        // The git revision, written into the binary by a plugin.
        .plugin(name: "EmbedRevision", capability: .buildTool()),
        .target(name: "Revision", plugins: ["EmbedRevision"]),

        .target(name: "Arrays", dependencies: ["CZip", "COpenBLAS"]),
        .target(name: "Expressions", dependencies: ["Arrays"]),
        .target(name: "OpenCL", dependencies: ["COpenCL"]),
        .target(name: "Compute", dependencies: ["Arrays", "OpenCL", "Kernels"]),
        .target(name: "Networks", dependencies: ["Arrays", "Expressions"]),
        .target(name: "Engines", dependencies: ["Arrays", "OpenCL", "Compute", "Networks", "Revision"]),
        .target(name: "Cosmology", dependencies: ["Arrays", "Expressions"]),
        .target(name: "Duality", dependencies: ["Arrays", "Networks", "Cosmology"]),
        .target(name: "Figures", dependencies: ["Arrays"]),
        .target(name: "Learning", dependencies: ["Arrays", "OpenCL", "Compute", "Networks", "Cosmology", "Figures"]),
        .target(name: "Runs", dependencies: ["Arrays", "Compute", "Networks", "Engines", "Duality", "Learning", "COpenSSL"]),
        .target(name: "ScanFiles", dependencies: ["Arrays", "Expressions", "Networks", "Engines", "Duality", "Learning", "Runs", "Yams"]),
        .target(
            name: "Stores",
            dependencies: [
                "Arrays", "Expressions", "Compute", "Networks", "Engines", "Duality", "Learning", "Runs",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(
            name: "Experiments",
            dependencies: ["Arrays", "Compute", "Networks", "Engines", "Cosmology", "Duality", "Runs", "ScanFiles", "Figures", "Learning"],
            plugins: ["EmbedFiles"]),
        .target(name: "Report", dependencies: ["Arrays", "Figures"]),
        .target(name: "Checks", dependencies: ["Arrays", "OpenCL", "Compute", "Networks", "Engines", "Learning"]),
        .executableTarget(
            name: "inflaton",
            dependencies: rooms.map { .byName(name: $0) } + [.product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // What tests of several rooms share.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "RoomTests"),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"]),
        .testTarget(name: "CosmologyTests", dependencies: ["Cosmology", "Expressions"]),
        .testTarget(name: "OpenCLTests", dependencies: ["OpenCL", "TestSupport"]),
        .testTarget(name: "ComputeTests", dependencies: ["Compute", "OpenCL"]),
        .testTarget(name: "ArraysTests", dependencies: ["Arrays", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: ["inflaton", "Arrays", "OpenCL", "Runs", "Stores", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(name: "NetworksTests", dependencies: ["Networks", "Arrays", "TestSupport"]),
        .testTarget(name: "EnginesTests", dependencies: ["Engines", "Compute", "Networks", "OpenCL", "Arrays", "Checks", "TestSupport"]),
        .testTarget(name: "ChecksTests", dependencies: ["Checks", "Compute", "Engines", "Networks", "OpenCL", "Arrays", "TestSupport"]),
        .testTarget(name: "FiguresTests", dependencies: ["Figures"]),
        .testTarget(name: "ReportTests", dependencies: ["Report", "Figures", "Arrays", "TestSupport"]),
        .testTarget(
            name: "RunsTests", dependencies: ["Runs", "Arrays", "Expressions", "Compute", "Engines", "Networks", "Duality", "Learning"]),
        .testTarget(
            name: "ScanFilesTests",
            dependencies: ["ScanFiles", "Runs", "Compute", "Engines", "Networks", "Duality", "Arrays", "TestSupport"]),
        .testTarget(
            name: "StoresTests",
            dependencies: [
                "Stores", "ScanFiles", "Runs", "Expressions", "Engines", "Compute", "OpenCL", "Networks", "Arrays", "Duality", "Learning",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: ["Experiments", "Figures", "Runs", "Compute", "Engines", "Networks", "Duality", "OpenCL", "Arrays"]),
        .testTarget(name: "LearningTests", dependencies: ["Learning", "Figures", "OpenCL", "Compute", "Networks", "Arrays"]),
        .testTarget(name: "DualityTests", dependencies: ["Engines", "Duality", "Networks", "Cosmology", "Arrays"]),
    ],
    swiftLanguageModes: [.v6]
)

// A file sees members of the modules that it imports and of no others.
for target in package.targets where ![.system, .plugin].contains(target.type) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.enableUpcomingFeature("MemberImportVisibility")]
}
