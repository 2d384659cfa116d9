/// Which commit a binary was built from: a module of its own, so that a new commit compiles nothing else.
public enum Revision {
    /// `git describe --always --dirty` at the time of the build; "unknown" where the sources were no checkout.
    public static var built: String { builtRevision }
}
