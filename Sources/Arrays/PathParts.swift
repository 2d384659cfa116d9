/// Folder and name of a path as text. Foundation's own on Linux traps for a path of one character.
public enum PathParts {
    /// What is before the last slash, "/" for something in the root, and empty for something in the current folder.
    public static func folder(of path: String) -> String {
        var rest = Substring(path)
        while rest.count > 1, rest.last == "/" { rest.removeLast() }
        guard let slash = rest.lastIndex(of: "/") else { return "" }
        var folder = rest[..<slash]
        while folder.last == "/" { folder.removeLast() }
        return folder.isEmpty ? "/" : String(folder)
    }

    /// The name behind the last slash, without its ending; a dot that begins it begins no ending.
    public static func stem(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.lastIndex(of: ".").map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
    }

    /// A path as a file in `folder` means it, where it is not absolute.
    public static func resolve(_ path: String, in folder: String) -> String { path.hasPrefix("/") ? path : file(path, in: folder) }

    /// `name` in `folder`; an empty folder is the current one.
    static func file(_ name: String, in folder: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
