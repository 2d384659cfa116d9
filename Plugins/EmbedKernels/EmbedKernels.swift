import Foundation
import PackagePlugin

/// Writes the OpenCL C sources of the folder `Kernels` into the binary, whichever files there are; nothing is compiled where none changed.
@main
struct EmbedKernels: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL
        let script = ####"""
            {
                echo 'let embeddedFiles: [String: String] = ['
                for file in "$1"/*.cl "$1"/*.clh; do
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
                displayName: "Reading the kernels", executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.appending(path: "Kernels").path(percentEncoded: false),
                    folder.appending(path: "EmbeddedFiles.swift").path(percentEncoded: false),
                ], outputFilesDirectory: folder)
        ]
    }
}
