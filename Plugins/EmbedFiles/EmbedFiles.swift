import Foundation
import PackagePlugin

/// Writes the texts of a folder into a target, whichever there are: OpenCL C or scan files, by their names. Nothing is compiled where none
/// changed.
@main
struct EmbedFiles: BuildToolPlugin {
    /// The folder for each target.
    private static let folders = ["Kernels": "Kernels", "Experiments": "Examples"]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let source = Self.folders[target.name] else {
            Diagnostics.error("EmbedFiles knows no folder for \(target.name)")
            return []
        }
        let folder = context.pluginWorkDirectoryURL
        let script = ####"""
            {
                echo 'let embeddedFiles: [String: String] = ['
                for file in "$1"/*.cl "$1"/*.clh "$1"/*.yaml; do
                    [ -f "$file" ] || continue
                    printf '"%s": ###"""\n' "${file##*/}"
                    cat "$file"
                    printf '"""###,\n'
                done
                echo ']'
            } >"$2.new"
            if cmp -s "$2.new" "$2"; then rm "$2.new"; else mv "$2.new" "$2"; fi
            """####
        return [
            .prebuildCommand(
                displayName: "Reading the files of \(source)", executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.appending(path: source).path(percentEncoded: false),
                    folder.appending(path: "EmbeddedFiles.swift").path(percentEncoded: false),
                ], outputFilesDirectory: folder)
        ]
    }
}
