import Compute
import Engines
import Foundation
import Runs
import ScanFiles
import Testing

/// The first scan of the README is computed as it stands.
@Test func firstScan() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples/first-scan.yaml").standardized.path
    let file = try ScanFile(contentsOf: path)
    #expect(file.count == 5 * 3 * 2 * 10)
    let digests = try (0..<file.count).map { index in
        guard case .run(let run) = try file.candidate(at: index, known: { _ in nil }) else { throw ScanError.unsteadySource(index: index) }
        return RunIdentity.digest(run, precision: .float64)
    }
    #expect(Set(digests).count == file.count)
}
