import Foundation

/// What the OpenCL loader finds installed: for messages where there is no device, which must not tell people to install what they have.
public enum InstalledDrivers {
    /// A sentence without an end: which drivers are named to the loader and which of them cannot be loaded, or what to install where there
    /// is none.
    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - storage: where PoCL keeps its kernels.
    ///   - discovery: what was found beside.
    public static func absence(
        environment: [String: String] = ProcessInfo.processInfo.environment, storage: ProgramStorage = .current,
        discovery: DriverDiscovery = .current
    ) -> String {
        let (place, variable) = place(environment), libraries = libraries(environment, discovery)
        guard !libraries.isEmpty else {
            let origin = variable.map { "\(place), which \($0) names" } ?? place
            let remedy = variable.map { "unset \($0), or " } ?? ""
            return "no OpenCL driver was found (\(origin), has no .icd file); \(remedy)install pocl-opencl-icd to compute on the CPU, "
                + "or a GPU driver with OpenCL"
        }
        let list = libraries.map { file, library in
            failure(file, library) ?? "\(file) names \(library.isEmpty ? "nothing" : library)"
        }
        var sentence = "OpenCL drivers are installed but offer no device (\(list.joined(separator: "; ")))"
        if let note = storage.note { sentence += "; \(note)" }
        return sentence + "; clinfo shows what the loader sees"
    }

    /// The drivers that cannot be loaded, each with the reason: for messages where there are other devices than the one that is missed.
    static func failures(
        environment: [String: String] = ProcessInfo.processInfo.environment, discovery: DriverDiscovery = .current
    ) -> [String] {
        libraries(environment, discovery).compactMap(failure)
    }

    private static func failure(_ file: String, _ library: String) -> String? {
        loadError(library).map { "\(file) names \(library), which cannot be loaded (\($0))" }
    }

    private static func libraries(_ environment: [String: String], _ discovery: DriverDiscovery) -> [(file: String, library: String)] {
        libraries(at: place(environment).path) + (discovery.library.map { [("no file", $0)] } ?? [])
    }

    /// Where the loader looks, and the variable that says so.
    private static func place(_ environment: [String: String]) -> (path: String, variable: String?) {
        let variable = ["OCL_ICD_VENDORS", "OPENCL_VENDOR_PATH"].first { environment[$0]?.isEmpty == false }
        return (variable.flatMap { environment[$0] } ?? "/etc/OpenCL/vendors", variable)
    }

    /// Each file that names a driver, and the library that it names.
    static func libraries(at place: String) -> [(file: String, library: String)] {
        let files: [String]
        if let entries = try? FileManager.default.contentsOfDirectory(atPath: place) {
            files = entries.filter { $0.hasSuffix(".icd") }.sorted().map { place + "/" + $0 }
        } else if place.hasSuffix(".icd") {
            files = [place]
        } else {
            // The loader takes anything else for a library.
            return place.contains(".so") ? [("the variable", place)] : []
        }
        return files.compactMap { file in
            guard let text = (try? Data(contentsOf: URL(filePath: file)))?.prefix(4096) else { return nil }
            let line = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
            return (file, line.trimmingCharacters(in: .whitespaces).prefix(120).description)
        }
    }

    private static func loadError(_ library: String) -> String? {
        guard !library.isEmpty else { return nil }
        guard dlopen(library, RTLD_LAZY) == nil else { return nil }
        return dlerror().map { String(cString: $0) }
    }
}
