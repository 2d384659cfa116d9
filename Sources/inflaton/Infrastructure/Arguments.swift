import ArgumentParser
import Compute
import Cosmology
import Engines
import Networks

extension Precision: ExpressibleByArgument {}
extension Parameterisation: ExpressibleByArgument {}
extension TangentKernelMethod: ExpressibleByArgument {}

extension Activation: ExpressibleByArgument {
    public init?(argument: String) {
        guard let found = Activation.named(argument) else { return nil }
        self = found
    }

    /// The names that the help lists.
    public static var allValueStrings: [String] { all.map(\.name) }
    public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    public var defaultValueDescription: String { name }
}
