import Revision

/// Which Inflaton this is.
public enum Version {
    /// The release, the only place where it is written.
    public static let current = "0.1.0"

    /// The git revision that the binary was built from, "unknown" where its sources were no checkout.
    public static var revision: String { Revision.built }
}
