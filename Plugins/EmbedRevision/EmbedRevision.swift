import Foundation
import PackagePlugin

/// Writes the git revision of the checkout into the binary, at every build; a file that would not change is left alone, so that nothing
/// is compiled for it. "unknown" where there is no git or no checkout.
@main
struct EmbedRevision: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.pluginWorkDirectoryURL
        let script = #"""
            revision=$(git -C "$1" describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
            text="let builtRevision = \"$revision\""
            [ "$(cat "$2" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" >"$2"
            """#
        return [
            .prebuildCommand(
                displayName: "Reading the git revision", executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.path(percentEncoded: false),
                    folder.appending(path: "BuiltRevision.swift").path(percentEncoded: false),
                ], outputFilesDirectory: folder)
        ]
    }
}
