import Arrays
import Checks
import Compute
import Engines
import Foundation
import Networks
import Testing

/// A network trained in PyTorch and exported in three lines (Tests/Fixtures/README.md): its weights are transposed views, which NumPy saves
/// in Fortran order and float32.
@Suite struct TorchTests {
    /// The expected outputs were computed from the same file by NumPy in float64: with sums of at most nine products three layers deep,
    /// numbers of order 1 agree to 1e-14. Other precisions keep their bounds.
    @Test(arguments: TestEngine.allCases)
    func anExportedNetworkComputesWhatNumPyDoes(_ kind: TestEngine) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/torch").standardized
        let archive = try NumericArchive(path: folder.appending(path: "mlp.npz").path)
        let (architecture, weights) = try Weights.read(archive, activation: .tanh, parameterisation: .standard)
        #expect(architecture.inputs == 3 && architecture.widths == [8, 6] && architecture.outputs == 2 && architecture.hasBias)
        let beside = try NumericArchive(path: folder.appending(path: "mlp_outputs.npz").path)
        let ensemble = try Ensemble(
            architecture: architecture, members: [Ensemble.Member(source: .weights(weights), sigmaW: 1, sigmaB: 1)],
            inputs: [Inputs(beside.array("x"))])
        let expected = try beside.array("outputs").elements
        let found = try CollectedResults(kind.engine(), ensemble, Job())
        if kind.precision == .float64 {
            #expect(distance(found.outputs[0], expected) <= 1e-14)
        }
        let bounds = ErrorBounds(ensemble, member: 0, precision: kind.precision).outputs()
        let own = ErrorBounds(ensemble, member: 0, precision: .float64).outputs()
        let deviation = BoundedValues(expected, errors: bounds.errors).widened(by: own.errors).compare(found.outputs[0])
        #expect(deviation.isWithinBound, "\(deviation)")
    }
}
