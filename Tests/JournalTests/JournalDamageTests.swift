import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Journal

@Suite("A damaged journal")
struct JournalDamageTests {
    enum Damage: CaseIterable {
        case header, page, truncated

        func inflict(on path: String) throws {
            var bytes = try Data(contentsOf: URL(filePath: path))
            switch self {
            case .header: bytes.replaceSubrange(0..<100, with: Data(repeating: 0x55, count: 100))
            case .page: bytes.replaceSubrange(4096..<8192, with: Data(repeating: 0xAA, count: 4096))
            case .truncated: bytes = bytes.prefix(5000)
            }
            try bytes.write(to: URL(filePath: path))
        }
    }

    private func damagedFixture(_ damage: Damage) async throws -> JournalFixture {
        let fixture = try JournalFixture()
        do {
            let journal = try fixture.open()
            let id = try await journal.begin(Sample.new())
            try await journal.end(id, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(id)))
            // Otherwise the last write's reference to it decides when the log is written back over the damage.
            try journal.database.close()
        }
        try damage.inflict(on: fixture.path)
        return fixture
    }

    @Test(
        "is set aside, reported, and a new one is begun in which nothing counts as deployed", arguments: Damage.allCases
    )
    func setAside(damage: Damage) async throws {
        let fixture = try await damagedFixture(damage)
        let journal = try fixture.open()
        let aside = try #require(journal.setAside)
        #expect(aside.path.hasPrefix(fixture.path + ".corrupt-2027"))
        #expect(FileManager.default.fileExists(atPath: aside.path))
        #expect(aside.description.contains("created again from the tip"))
        #expect(try await journal.deployedState() == nil)
        #expect(try await journal.lastSetAside() == aside)
        let id = try await journal.begin(Sample.new())
        #expect(try await journal.deployment(id: id)?.version == "1.0.0")
    }

    @Test("is set aside once: the next start finds the new one healthy")
    func once() async throws {
        let fixture = try await damagedFixture(.header)
        _ = try fixture.open()
        let journal = try fixture.open()
        #expect(journal.setAside == nil)
        #expect(try await journal.lastSetAside() != nil)
    }

    @Test("keeps every earlier damaged one when it happens twice within a second")
    func twice() async throws {
        let fixture = try await damagedFixture(.header)
        let first = try #require(try fixture.open().setAside).path
        try Damage.header.inflict(on: fixture.path)
        let second = try #require(try fixture.open().setAside).path
        #expect(first != second)
        #expect(FileManager.default.fileExists(atPath: first))
    }

    @Test("stays where it is when the opener may not move it, and for a reader")
    func refused() async throws {
        let fixture = try await damagedFixture(.header)
        let writing = #expect(throws: JournalError.self) { try fixture.open(damaged: .refuse) }
        let reading = #expect(throws: JournalError.self) { try Journal.openReadOnly(at: fixture.path) }
        #expect(writing?.kind == .damaged)
        #expect(reading?.kind == .damaged)
        #expect(reading?.hint.contains("restart fairlead") == true)
        #expect(FileManager.default.fileExists(atPath: fixture.path))
    }
}
