import Arrays
import Report

/// Drawings as files, of the kind that a file's name ends in.
enum Drawings {
    /// - Throws: `FileError`; `PNGRenderer.Failure` for a .png or .pdf that cannot be made.
    static func write(_ svg: String, to path: String, overwrite: Bool) throws {
        switch path.suffix(4) {
        case ".png": try AtomicFile.write(PNGRenderer().render(svg), to: path, overwrite: overwrite)
        case ".pdf": try AtomicFile.write(PNGRenderer().pdf(svg), to: path, overwrite: overwrite)
        default: try AtomicFile.write(svg, to: path, overwrite: overwrite)
        }
    }
}

extension Console {
    /// Writes a drawing and the pictures beside it, which are left out with a warning where the program that makes them is missing.
    /// - Parameters:
    ///   - paths: the SVG, then the others.
    ///   - others: what the warning calls them.
    /// - Returns: the files that were written.
    func write(_ svg: String, to paths: some Collection<String>, calling others: String, overwrite: Bool) throws -> [String] {
        var written: [String] = []
        do {
            for path in paths {
                try Drawings.write(svg, to: path, overwrite: overwrite)
                written.append(path)
            }
        } catch let failure as PNGRenderer.Failure { warn("no \(others): \(failure)") }
        return written
    }
}
