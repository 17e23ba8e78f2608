import Foundation
import Testing

@testable import Backup
@testable import HostSystem

@Suite("Which runs a storage has")
struct RunPlaceTests {
    @Test("one listing tells of all hosts, and what others keep there is none and costs nothing (issue 11)")
    func places() throws {
        let paths = [
            "vsn1/", "vsn1/20261121T020000Z/", "vsn1/20261121T020000Z/manifest.json", "vsn2/20261122T020000Z/a/b",
            "vsn1/20261123T020000Z/", "vsn1/20261124T020000Z", "vsn1/pruned.json", "vsn1/notes/",
            "20261121T020000Z/vsn1/", "../20261121T020000Z/manifest.json",
        ]
        let foreign = (0..<1000).map { "photos\($0)/" }
        let found = BackupArchive.places(in: try (paths + foreign).map(entry))
        #expect(
            found.map { "\($0.host) \($0.run)" } == [
                "vsn1 20261123T020000Z", "vsn2 20261122T020000Z", "vsn1 20261121T020000Z",
            ])
    }

    /// As rclone lists it; a directory ends with '/'.
    private func entry(_ path: String) throws -> StoredEntry {
        let isDirectory = path.hasSuffix("/")
        let json = #"{"Path": "\#(isDirectory ? String(path.dropLast()) : path)", "Size": 1, "IsDir": \#(isDirectory)}"#
        return try JSONDecoder().decode(StoredEntry.self, from: Data(json.utf8))
    }
}
