import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Journal

@Suite("Opening the journal")
struct JournalOpeningTests {
    @Test(
        "a journal that cannot be written says what to do about it",
        arguments: [
            (EROFS, "read-only"), (ENOSPC, "make room"), (EACCES, "run it as root"),
            (ENODEV, "check the state directory"),
        ])
    func advice(code: Int32, words: String) {
        let error = JournalError("open the journal 'j'", SystemFailure("protect 'j'", code: code))
        #expect(error.message.hasPrefix("cannot open the journal 'j': cannot protect 'j': "))
        #expect(error.hint.contains(words) && error.disposition == .transient)
    }

    @Test("the file and its companions can be read by their owner only, the log is flushed at each commit")
    func protection() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        _ = try await journal.begin(Sample.new())
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "journal.sqlite\(suffix)")
        }
        let settings = try await journal.read("test") { database in
            [
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try String.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA foreign_keys"),
            ]
        }
        #expect(settings == ["wal", "2", "1"])
    }

    @Test("opened for the first time by many at once, it is whole for each of them")
    func firstTime() async throws {
        for _ in 0..<20 {
            let fixture = try JournalFixture()
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { _ = try await fixture.open(damaged: .refuse).begin(Sample.new()) }
                }
                try await group.waitForAll()
            }
            #expect(try await fixture.open().deployments(limit: 9).count == 4)
        }
    }

    @Test("a journal that others can read is protected again")
    func protectedAgain() throws {
        let fixture = try JournalFixture()
        _ = try fixture.open()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.path)
        _ = try fixture.open()
        let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("an older binary refuses a newer journal, for writing and for reading, and leaves it as it is")
    func newer() async throws {
        let fixture = try JournalFixture()
        do {
            let journal = try fixture.open()
            try await journal.write("test") { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
        }
        let writing = #expect(throws: JournalError.self) { try fixture.open() }
        let reading = #expect(throws: JournalError.self) { try Journal.openReadOnly(at: fixture.path) }
        for error in [writing, reading] {
            #expect(error?.kind == .newer)
            #expect(error?.description.contains("written by a newer version") == true)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fixture.scratch.path + "/state").contains {
                $0.contains("corrupt")
            } == false)
    }

    @Test("reading an older journal asks for a restart of the daemon")
    func older() async throws {
        let fixture = try JournalFixture()
        do {
            let journal = try fixture.open()
            try await journal.write("test") { try $0.execute(sql: "DELETE FROM grdb_migrations") }
        }
        let error = #expect(throws: JournalError.self) { try Journal.openReadOnly(at: fixture.path) }
        #expect(error?.kind == .older)
    }

    @Test("reading says when there is no journal yet")
    func missing() throws {
        let fixture = try JournalFixture()
        let error = #expect(throws: JournalError.self) { try Journal.openReadOnly(at: fixture.path) }
        #expect(error?.kind == .missing)
        let empty = try fixture.scratch.write("", to: "empty.sqlite")
        #expect(throws: JournalError.self) { try Journal.openReadOnly(at: empty) }
    }

    @Test("an unusable place is an error with a hint", arguments: ["/proc/journal.sqlite", "/dev/null/journal.sqlite"])
    func unusable(path: String) throws {
        let error = #expect(throws: JournalError.self) {
            try Journal.open(at: path, now: { Timestamp(milliseconds: 0) })
        }
        #expect(error?.message.contains(path) == true)
    }

    @Test("a reader sees what another connection wrote while that one goes on writing, and cannot write")
    func reader() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let reader = try Journal.openReadOnly(at: fixture.path)
        for number in 1...20 {
            let id = try await journal.begin(Sample.new(number))
            #expect(try await reader.unfinishedDeployment()?.id == id)
            try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        }
        #expect(try await reader.deployments(limit: 100).count == 20)
        await #expect(throws: JournalError.self) { try await reader.lift(.suspended) }
    }

    @Test("a writer waits for another process's transaction")
    func busy() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        async let waiting: Void = journal.suspend(Suspension(reason: "works", since: fixture.clock.now))
        try await Task.sleep(for: .milliseconds(300))
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await waiting
        #expect(try await journal.suspension()?.reason == "works")
    }
}
