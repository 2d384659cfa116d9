import ArgumentParser
import Foundation

/// What an output's name ends in has to be what the command writes: a picture in a .txt, or an archive in a .csv, is found out by others.
enum OutputEnding {
    /// Refuses a name with another ending, of none of which a name without any says something wrong.
    /// - Parameters:
    ///   - path: `--output`; nil where there is none.
    ///   - endings: those that are written, such as `.csv`.
    ///   - isNeeded: whether the ending decides what is written, so that there has to be one.
    /// - Throws: `ValidationError`.
    static func check(_ path: String?, _ endings: [String], isNeeded: Bool = false) throws {
        guard let path, !endings.contains(where: path.hasSuffix) else { return }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        // A dot that begins a name begins no ending.
        guard isNeeded || name.dropFirst().contains(".") else { return }
        let last = endings.last ?? "", others = endings.dropLast().joined(separator: ", ")
        throw ValidationError("--output is '\(path)', but must end in \(others.isEmpty ? last : "\(others) or \(last)").")
    }
}
