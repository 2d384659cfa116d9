import Foundation

/// Which Inflaton this is.
public enum Version {
    /// The release, the only place where it is written.
    public static let current = "0.1.0"

    /// The git revision that the binary was built from, as the variable INFLATON_REVISION states it (`Scripts/run` sets it);
    /// "unknown" without it, because an installed binary has no repository to ask.
    public static func revision(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        guard let stated = environment["INFLATON_REVISION"], !stated.isEmpty else { return "unknown" }
        return stated
    }
}
