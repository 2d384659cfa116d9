/// The OpenCL C sources of the folder `Kernels`, as they were at the time of the build: a module of its own, so that an edit compiles it alone.
public enum KernelSources {
    /// Text by the name of the file.
    public static var files: [String: String] { embeddedFiles }
}
