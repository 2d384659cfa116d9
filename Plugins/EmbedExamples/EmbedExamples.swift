import Foundation
import PackagePlugin

/// Writes the scan files of the folder `Examples` into the binary, by their names without `.yaml`; nothing is compiled where none changed.
@main
struct EmbedExamples: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL
        let script = ####"""
            {
                echo 'let embeddedExamples: [String: String] = ['
                for file in "$1"/*.yaml; do
                    name=${file##*/}
                    printf '"%s": ###"""\n' "${name%.yaml}"
                    cat "$file"
                    printf '"""###,\n'
                done
                echo ']'
            } >"$2.new"
            if cmp -s "$2.new" "$2"; then rm "$2.new"; else mv "$2.new" "$2"; fi
            """####
        return [
            .prebuildCommand(
                displayName: "Reading the examples", executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.appending(path: "Examples").path(percentEncoded: false),
                    folder.appending(path: "EmbeddedExamples.swift").path(percentEncoded: false),
                ], outputFilesDirectory: folder)
        ]
    }
}
