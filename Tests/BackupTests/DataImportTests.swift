import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite("J1: an existing installation's data is taken in", .enabled(if: mustRun || HardTree.unavailable == nil))
struct DataImportTests {
    private let fixture: HostFixture
    private let plan: ResolvedPlan

    init() throws {
        fixture = try HostFixture()
        var database = volume("database", owner: "999:999")
        database.backup = VolumeBackup(load: ["restore"])
        plan = HostSupport.plan(["web": container(volumes: [database, volume("files")])])
    }

    private var old: String { "\(fixture.scratch.path)/old" }
    private var files: String { "\(fixture.data)/acme/files" }
    private var restore: DataRestore { DataRestore(host: fixture.host) { Timestamp(milliseconds: 1_795_232_800_000) } }

    @discardableResult
    private func take(
        _ path: String? = nil, asDump: Bool = false, into name: String = "files"
    ) async throws -> DataImport.Imported {
        try await DataImport(host: fixture.host) { Timestamp(milliseconds: 1_795_232_800_000) }
            .take(path ?? old, asDump: asDump, into: name, of: plan)
    }

    private func entries() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(fixture.data)/acme")) ?? []).sorted()
    }

    private func told() async throws -> [String] {
        try await restore.placeData(of: plan).map { "\($0.subject): \($0.text)" }
    }

    @Test("every file is what it was, the source too, and the next deployment tells where it is from")
    func fidelity() async throws {
        try await HardTree.make(old, smallFiles: 50, bigFile: 3 << 20)
        let before = attributes(old)
        let imported = try await take()
        #expect(imported.directory == files && imported.bytes > 3 << 20 && !imported.isDump)
        #expect(try await HardTree.differences(old, files) == [])
        #expect(attributes(old) == before)
        #expect(try await restore.conditions(of: ["files"], in: plan) == ["files": .filled])

        let told = try await told()
        #expect(told.count == 1)
        #expect(told.first?.contains("'files': imported from '\(old)' (20261121T034640Z, ") == true, "\(told)")
        #expect(entries() == ["files"])
        #expect(try await self.told() == [])
    }

    @Test("a crash before the last step is made good by the next deployment, one in the copy leaves nothing")
    func crash() async throws {
        try fixture.scratch.write("page", to: "old/index")
        try await take()
        let staged = "\(fixture.data)/acme/.fairlead-import-files"
        try FileManager.default.moveItem(atPath: files, toPath: "\(staged)/files")
        #expect(try await told().first?.contains("imported from") == true)
        #expect(try content("\(files)/index") == "page")
        #expect(entries() == ["files"])

        try FileManager.default.removeItem(atPath: files)
        try fixture.scratch.write("half", to: "data/acme/.fairlead-import-files/files/index")
        #expect(try await told() == [])
        #expect(entries() == [])
        try fixture.scratch.write("half", to: "data/acme/.fairlead-import-files/files/index.2")
        try await take()
        #expect(try FileManager.default.contentsOfDirectory(atPath: files) == ["index"])
    }

    @Test("a dump waits beside its empty directory, and outlives a deployment that fails")
    func dump() async throws {
        try fixture.scratch.write("rows", to: "acme.dump")
        let imported = try await take("\(fixture.scratch.path)/acme.dump", into: "database")
        #expect(imported.isDump && imported.notes.isEmpty)
        #expect(try await restore.conditions(of: ["database"], in: plan) == ["database": .missing])
        for _ in 1...2 {
            #expect(try await told() == [])
            #expect(try await restore.conditions(of: ["database"], in: plan) == ["database": .unfinished])
            #expect(try await restore.discardData(of: "acme") == ["database"])
        }
        #expect(try content("\(fixture.data)/acme/.fairlead-import-database/dump") == "rows")
        // Another one takes its place.
        try fixture.scratch.write("more rows", to: "acme.dump")
        try await take("\(fixture.scratch.path)/acme.dump", into: "database")
        #expect(try content("\(fixture.data)/acme/.fairlead-import-database/dump") == "more rows")
    }

    @Test("a directory of another owner than the plan's is imported as it is, and told")
    func owner() async throws {
        try fixture.scratch.write("rows", to: "old/table")
        let imported = try await take(into: "database")
        #expect(imported.notes.first?.hasPrefix("it belongs to '0:0', in the plan to '999:999'") == true)
    }

    @Test("what cannot be right is refused with what to do, and nothing is touched")
    func refusals() async throws {
        try fixture.scratch.write("page", to: "old/index")
        try fixture.scratch.write("rows", to: "acme.dump")
        try fixture.scratch.write("mine", to: "data/acme/files/index")
        try fixture.scratch.write("page", to: "data/other/index")
        let dump = "\(fixture.scratch.path)/acme.dump"
        await expectRefused("the plan of 'vsn1' has no data directory 'mail'", "it has 'database', 'files'") {
            try await take(into: "mail")
        }
        await expectRefused("data directory '\(files)' is not empty, and data is never replaced", "mv ") {
            try await take()
        }
        #expect(try content("\(files)/index") == "mine")
        try FileManager.default.removeItem(atPath: files)
        await expectRefused("what fills data directory 'files' is a dump, and nobody says", "add 'load'") {
            try await take(dump)
        }
        await expectRefused("'\(old)' is a directory, and a dump is one file", "pg_dump -Fc") {
            try await take(asDump: true, into: "database")
        }
        await expectRefused("'\(old)2' does not exist", "name the directory") { try await take("\(old)2") }
        for path in ["\(fixture.data)/other", fixture.scratch.path, "/", fixture.data] {
            await expectRefused("'\(path)' and the data root", "import from a place outside") { try await take(path) }
        }
        var full = fixture
        full.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 60)
        let (host, source, plan) = (full.host, self.old, self.plan)
        await expectRefused("there is no room to import data directory 'files'", "free some space") {
            try await DataImport(host: host) { Timestamp(milliseconds: 0) }.take(source, into: "files", of: plan)
        }
        #expect(entries() == [])
    }

    private func expectRefused(
        _ message: String, _ hint: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> DataImport.Imported
    ) async {
        let error = await #expect(throws: HostError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.message.hasPrefix(message) == true, "\(error as Any)", sourceLocation: sourceLocation)
        #expect(error?.hint.contains(hint) == true, "\(error as Any)", sourceLocation: sourceLocation)
    }
}
