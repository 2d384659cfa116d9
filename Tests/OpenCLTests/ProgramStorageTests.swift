import Foundation
import OpenCL
import Testing

/// Where compiled kernels may be loaded from.
@Suite struct ProgramStorageTests {
    private struct Place {
        let root: URL
        let home: String
        let temporary: String

        init(_ root: URL) throws {
            self.root = root
            home = root.appending(path: "home").path
            temporary = root.appending(path: "tmp").path
            for folder in [home, temporary] { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        }

        var shared: String { temporary + "/inflaton-pocl-\(geteuid())" }
        func storage(_ environment: [String: String]) -> ProgramStorage {
            ProgramStorage(environment: environment, temporary: temporary)
        }
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func theDriversOwnFolderIsTakenWhereItIsTheUsers() throws {
        try withTemporaryDirectory { root in
            let place = try Place(root)
            #expect(place.storage(["HOME": place.home]) == ProgramStorage(folder: place.home + "/.cache/pocl/kcache", note: nil))
            #expect(mode(place.home + "/.cache/pocl/kcache") == 0o700)
            let caches = root.appending(path: "caches").path
            #expect(place.storage(["HOME": place.home, "XDG_CACHE_HOME": caches]).folder == caches + "/pocl/kcache")
            let given = root.appending(path: "given").path
            #expect(place.storage(["HOME": place.home, "POCL_CACHE_DIR": given]) == ProgramStorage(folder: given, note: nil))
            // An empty variable is no wish.
            #expect(place.storage(["HOME": place.home, "POCL_CACHE_DIR": ""]).folder == place.home + "/.cache/pocl/kcache")
        }
    }

    @Test func withoutAHomeAFolderOfTheUserAloneIsMade() throws {
        try withTemporaryDirectory { root in
            let place = try Place(root), storage = place.storage([:])
            #expect(storage.folder == place.shared && mode(place.shared) == 0o700)
            #expect(storage.note?.contains("neither HOME nor XDG_CACHE_HOME is set") == true)
            // And found again.
            #expect(place.storage([:]).folder == place.shared)
        }
    }

    enum Trap: CaseIterable { case link, open, file, dangling }

    @Test(arguments: Trap.allCases) func aFolderThatAnotherMayHaveMadeIsNotTaken(trap: Trap) throws {
        try withTemporaryDirectory { root in
            let place = try Place(root), files = FileManager.default
            let elsewhere = root.appending(path: "elsewhere").path
            switch trap {
            case .link:
                try files.createDirectory(atPath: elsewhere, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.createSymbolicLink(atPath: place.shared, withDestinationPath: elsewhere)
            case .open:
                try files.createDirectory(atPath: place.shared, withIntermediateDirectories: true)
                #expect(chmod(place.shared, 0o755) == 0)
            case .file: try Data().write(to: URL(filePath: place.shared))
            case .dangling: try files.createSymbolicLink(atPath: place.shared, withDestinationPath: elsewhere)
            }
            let storage = place.storage([:]), folder = try #require(storage.folder)
            #expect(folder != place.shared && folder.hasPrefix(place.shared + "-") && mode(folder) == 0o700)
            #expect(storage.note?.contains(place.shared) == true && storage.note?.contains("POCL_CACHE_DIR") == true)
            // Nothing was put where the other one waits for it.
            #expect(trap == .file || trap == .open || ((try? files.contentsOfDirectory(atPath: elsewhere)) ?? []).isEmpty)
        }
    }

    /// Only root can give files away.
    @Test(.enabled(if: geteuid() == 0)) func aFolderOfAnotherUserIsNotTaken() throws {
        try withTemporaryDirectory { root in
            let place = try Place(root), own = place.home + "/.cache/pocl/kcache"
            for folder in [own, place.shared] {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                #expect(chown(folder, 12345, 12345) == 0)
            }
            let storage = place.storage(["HOME": place.home]), folder = try #require(storage.folder)
            #expect(folder.hasPrefix(place.shared + "-"))
            let note = try #require(storage.note)
            #expect(note.contains("\(own) belongs to another user (number 12345)") && note.contains("\(place.shared) belongs"))
        }
    }

    @Test func aFolderThatEverybodyCanWriteToIsNotTaken() throws {
        try withTemporaryDirectory { root in
            let place = try Place(root), given = root.appending(path: "given").path
            try FileManager.default.createDirectory(atPath: given, withIntermediateDirectories: true)
            #expect(chmod(given, 0o777) == 0)
            let storage = place.storage(["HOME": place.home, "POCL_CACHE_DIR": given])
            #expect(storage.folder == place.shared && storage.note?.contains("\(given) is open to other users (mode 777)") == true)
            // The user's own group may write: on many systems it has no other members.
            #expect(chmod(given, 0o775) == 0)
            #expect(place.storage(["HOME": place.home, "POCL_CACHE_DIR": given]).folder == given)
        }
    }

    @Test func whatCannotBeMadeIsSaid() throws {
        try withTemporaryDirectory { root in
            let place = try Place(root), file = root.appending(path: "file").path
            try Data().write(to: URL(filePath: file))
            for given in [file, file + "/below"] {
                let storage = place.storage(["HOME": place.home, "POCL_CACHE_DIR": given])
                #expect(storage.folder == place.shared && storage.note?.contains(given) == true)
            }
            let nowhere = ProgramStorage(environment: ["POCL_CACHE_DIR": file], temporary: file)
            #expect(nowhere.folder == nil && nowhere.note?.contains("nowhere") == true)
        }
    }

    @Test func binariesOfAFolderThatOthersWriteToAreNotLoaded() throws {
        try withTemporaryDirectory { directory in
            _ = try ProgramTests.run(directory)
            #expect(try ProgramTests.run(directory).programsLoaded == 1)
            #expect(chmod(directory.path, 0o777) == 0)
            #expect(try ProgramTests.run(directory).programsCompiled == 1)
        }
    }
}

@Suite struct InstalledDriverTests {
    private func absence(_ place: String) -> String {
        InstalledDrivers.absence(environment: ["OCL_ICD_VENDORS": place], storage: ProgramStorage(folder: "/f", note: nil))
    }

    @Test func anEmptyFolderMeansThatNothingIsInstalled() throws {
        try withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = absence(folder.path)
            #expect(text.contains("no OpenCL driver was found") && text.contains(folder.path) && text.contains("OCL_ICD_VENDORS"))
        }
    }

    @Test func aDriverThatIsNamedIsNotSaidToBeMissing() throws {
        try withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("libnosuchdriver.so.1\n".utf8).write(to: folder.appending(path: "a.icd"))
            try Data().write(to: folder.appending(path: "b.icd"))
            let text = absence(folder.path)
            #expect(!text.contains("no OpenCL driver was found") && !text.contains("install pocl"))
            #expect(text.contains("a.icd names libnosuchdriver.so.1, which cannot be loaded") && text.contains("b.icd names nothing"))
            #expect(absence(folder.appending(path: "a.icd").path).contains("libnosuchdriver.so.1"))
            #expect(absence(folder.appending(path: "libmissing.so").path).contains("cannot be loaded"))
        }
    }
}
