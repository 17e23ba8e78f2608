import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite(
    "J4: what a run holds comes into a directory for people", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct BackupExtractionTests {
    @Test(
        "every file is what it was, and the stack's own data is not touched",
        .enabled(if: mustRun || HardTree.unavailable == nil))
    func fidelity() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await HardTree.make("\(host.stackDirectory)/files", smallFiles: 20, bigFile: 1 << 20)
            let run = try await host.backUp(partSize: 1 << 16)
            try host.write("newer rows", to: "database/table")
            let before = attributes("\(host.stackDirectory)/database")

            let items = try await host.extract()
            #expect(items.map(\.name) == ["database", "files"])
            #expect(items.allSatisfy { $0.run == run && $0.host == "vsn1" && $0.target == "nas" })
            #expect(items.map(\.path) == ["\(host.extracted)/database", "\(host.extracted)/files"])
            #expect(try content("\(host.extracted)/database/table") == "rows")
            #expect(try await HardTree.differences("\(host.stackDirectory)/files", "\(host.extracted)/files") == [])
            #expect(host.extractedEntries() == ["database", "files"])
            #expect(host.entries() == ["database", "files"])
            #expect(attributes("\(host.stackDirectory)/database") == before)
        }
    }

    @Test("what the plan has no more is brought as well, from the newest run that holds what is asked for")
    func choice() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("page", to: "files/index")
            let older = try await host.backUp(daysAgo: 1)
            host.plan.containers["web"]?.volumes.removeAll { $0.source == .data("files") }
            let newer = try await host.backUp()
            host.plan.containers = [:]

            #expect(try await host.extract(.init(names: ["files"])).map(\.run) == [older])
            try host.removeExtracted()
            #expect(try await host.extract().map(\.name) == ["database"])
            try host.removeExtracted()
            #expect(try await host.extract(.init(run: older)).map(\.name) == ["database", "files"])
            try host.removeExtracted()

            await host.expectRefused(
                .init(run: newer, names: ["files"]), "run \(newer) does not hold data directory 'files'")
            await host.expectRefused(.init(names: ["mail"]), "no valid run holds data directory 'mail'")
            await host.expectRefused(.init(host: "vsn9"), "there is no valid run")
            await host.expectRefused(.init(run: newer, host: "vsn9"), "no target has such a run \(newer)")
            await host.expectRefused(.init(target: "attic"), "the plan has no backup target 'attic'")
        }
    }

    @Test("a damaged run gives way to the next older one, but never where it was asked for; then nothing is left")
    func damaged() async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            try host.write("page", to: "files/index")
            let good = try await host.backUp(daysAgo: 1)
            try host.write("Tuesday", to: "database/table")
            let bad = try await host.backUp()
            try await RestoreTests.Damage.changedByte.happen(to: bad, older: good, host)

            await host.expectRefused(.init(run: bad), "no backup of data directory 'database' can be used")
            // An empty directory that was there stays.
            try FileManager.default.createDirectory(atPath: host.extracted, withIntermediateDirectories: true)
            _ = await #expect(throws: HostError.self) { try await host.extract(.init(run: bad)) }
            #expect(host.extractedEntries() == [])

            let items = try await host.extract()
            #expect(items.map(\.run) == [good, bad])
            #expect(try content("\(host.extracted)/database/table") == "Monday")
        }
    }

    @Test("only what a killed one left is overwritten, and the stack's own directory is no place for it")
    func place() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            let before = host.entries()
            try host.fixture.scratch.write("mine", to: "out/note")
            let error = await #expect(throws: HostError.self) { try await host.extract() }
            #expect(error?.message.hasSuffix("is not empty, and nothing that is there is overwritten") == true)
            #expect(host.extractedEntries() == ["note"])

            try host.removeExtracted()
            try host.fixture.scratch.write("half", to: "out/.fairlead-restore/acme/.fairlead-restore-database/files/a")
            _ = try await host.extract()
            #expect(host.extractedEntries() == ["database"])

            let link = "\(host.fixture.scratch.path)/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: host.stackDirectory)
            for place in ["\(host.stackDirectory)/new", host.stackDirectory, "\(link)/new"] {
                let error = await #expect(throws: HostError.self) { try await host.extract(to: place) }
                #expect(error?.message.contains("where the stack's own data is") == true, "\(error as Any)")
            }
            #expect(host.entries() == before)
            let missing = await #expect(throws: HostError.self) { try await host.extract(to: "\(host.extracted)/a/b") }
            #expect(missing?.hint.hasPrefix("create it first") == true)
        }
    }

    @Test("where there is not enough room nothing is left")
    func noRoom() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            var full = host.fixture
            full.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 60)
            let extraction = BackupExtraction(host: full.host) { Timestamp(milliseconds: 0) }
            let (plan, place) = (host.plan, host.extracted)
            let error = await #expect(throws: HostError.self) {
                try await extraction.extract(.init(), of: plan, secrets: Secrets(), to: place) { _ in }
            }
            #expect(error?.message.hasPrefix("there is no room to restore data directory 'database'") == true)
            #expect(!FileManager.default.fileExists(atPath: host.extracted))
        }
    }
}

extension BackedUpHost {
    fileprivate var extracted: String { "\(fixture.scratch.path)/out" }

    fileprivate func extract(
        _ choice: BackupExtraction.Choice = .init(), to place: String? = nil
    ) async throws -> [BackupExtraction.Item] {
        try await BackupExtraction(host: fixture.host) { Timestamp(milliseconds: 1_795_232_800_000) }
            .extract(choice, of: plan, secrets: Secrets(), to: place ?? extracted) { _ in }
    }

    fileprivate func extractedEntries() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: extracted)) ?? []).sorted()
    }

    fileprivate func removeExtracted() throws { try FileManager.default.removeItem(atPath: extracted) }

    fileprivate func expectRefused(
        _ choice: BackupExtraction.Choice, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: HostError.self, sourceLocation: sourceLocation) { try await extract(choice) }
        #expect(error?.message.hasPrefix(message) == true, "\(error as Any)", sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: extracted), sourceLocation: sourceLocation)
    }
}
