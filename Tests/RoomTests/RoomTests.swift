import Foundation
import Testing

/// The package is the house that Documentation/Design.md describes.
@Suite struct RoomTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func house(changing change: (String) -> String = { $0 }) throws -> House {
        let manifest = try String(contentsOf: Self.repository.appending(path: "Package.swift"), encoding: .utf8)
        return try House(manifest: change(manifest), sources: Self.repository.appending(path: "Sources"))
    }

    @Test func roomsUseRoomsBeforeThem() throws {
        let house = try house()
        #expect(house.faults == [])
        #expect(house.rooms.count >= 14)
    }

    /// The page lists the rooms in their order.
    @Test func pageListsRooms() throws {
        let page = try String(contentsOf: Self.repository.appending(path: "Documentation/Design.md"), encoding: .utf8)
        #expect(page.matches(of: /\n\| `([A-Z]\w+)` \|/).map { String($0.1) } == (try house()).rooms)
    }

    /// What a target might declare, and what is found wrong then.
    @Test(arguments: [
        ("name: \"Arrays\", dependencies: [", "Report", "Arrays stands before Report and uses it"),
        ("name: \"Arrays\", dependencies: [", "Networks", "Arrays declares Networks and does not import it"),
        ("name: \"Compute\", dependencies: [", "Networks", "Compute stands before Networks and uses it"),
        ("name: \"Engines\", dependencies: [", "Kernels", "Engines uses Kernels, which is for Compute"),
        ("name: \"Networks\", dependencies: [", "Compute", "COpenCL comes with Networks"),
        ("name: \"Figures\", dependencies: [", "Engines", "COpenCL comes with Report"),
        ("name: \"Figures\", dependencies: [", "Stores", "GRDB comes with Experiments"),
        ("name: \"Runs\", dependencies: [", "Yams", "Runs uses Yams, which is for ScanFiles"),
    ])
    func declarationsAreRead(_ target: String, _ name: String, _ fault: String) throws {
        let house = try house { $0.replacing(target, with: target + "\"\(name)\", ") }
        #expect(house.faults.contains(fault))
    }

    /// What a room's files might import.
    @Test(arguments: [
        ("Report", "Experiments", "Report imports Experiments and does not declare it"),
        ("Experiments", "GRDB", "Experiments uses GRDB, which is for Stores"),
        ("Stores", "ScanFiles", "Stores imports ScanFiles and does not declare it"),
    ])
    func importsAreRead(_ room: String, _ name: String, _ fault: String) throws {
        var house = try house()
        house.imported[room]?.insert(name)
        #expect(house.faults.contains(fault))
    }
}
