import Foundation
import Glibc
import HostSupport
import Jobs
import Model
import TestSupport
import Testing

@Suite("The spool of the health check")
struct IncidentSpoolTests {
    private let fixture: JobFixture
    private let spool: IncidentSpool

    init() throws {
        fixture = try JobFixture()
        spool = IncidentSpool(stateDirectory: fixture.configuration.stateDirectory)
    }

    private var directory: String { "\(fixture.configuration.stateDirectory)/jobs/incidents" }

    private static let complete = """
        Incident: 0f8a
        Event: restarted
        Subject: web
        Kind: crash-loop
        Time: 1800000060
        Since: 1800000000
        Stack: acme
        Host: vsn1
        Version: 1.0.0
        Commit: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        Deployment: 7
        Reason: http port 8080 '/': status 500
        Action: restarted it, for the 2nd time

        no licence: found
          Reason: none
        """

    private func leave(_ text: String, _ file: String) throws { try leave(Data(text.utf8), file) }

    private func leave(_ bytes: Data, _ file: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try bytes.write(to: URL(filePath: "\(directory)/\(file)"))
    }

    @Test("S4: an event is read with all that it tells, the log included")
    func complete() async throws {
        try leave(Self.complete, "1800000060000001-web-restarted")
        let content = try await spool.content()
        #expect(content.damaged.isEmpty)
        let incident = try #require(content.incidents.first)
        #expect(incident.file == "1800000060000001-web-restarted")
        #expect(
            incident.event
                == IncidentEvent(
                    incident: "0f8a", event: .restarted, kind: .crashLoop, subject: "web",
                    time: Timestamp(milliseconds: 1_800_000_060_000), since: Timestamp(milliseconds: 1_800_000_000_000),
                    details: IncidentDetails(
                        reason: "http port 8080 '/': status 500", action: "restarted it, for the 2nd time",
                        host: "vsn1", stack: "acme", version: "1.0.0",
                        commit: CommitID(String(repeating: "a", count: 40)), deployment: 7,
                        log: "no licence: found\n  Reason: none")))
    }

    @Test("events come in the order of their times, and are gone when they are dropped; no spool is an empty one")
    func order() async throws {
        #expect(try await spool.content().incidents.isEmpty)
        for file in ["1800000060000003-a-opened", "1800000060000001-z-opened", "1800000060000002-m-opened"] {
            try leave(Self.complete, file)
        }
        #expect(
            try await spool.content().incidents.map(\.file) == [
                "1800000060000001-z-opened", "1800000060000002-m-opened", "1800000060000003-a-opened",
            ])
        try await spool.drop("1800000060000001-z-opened")
        try await spool.drop("1800000060000001-z-opened")
        #expect(try await spool.content().incidents.count == 2)
    }

    @Test("what is being written, and what is no file, is left alone")
    func foreign() async throws {
        try leave("Incid", ".1800000060000001-web-opened.4711")
        try FileManager.default.createDirectory(atPath: "\(directory)/damaged", withIntermediateDirectories: true)
        #expect(mkfifo("\(directory)/1800000060000001-pipe-opened", 0o600) == 0)
        #expect(symlink("/etc/passwd", "\(directory)/1800000060000001-link-opened") == 0)
        let content = try await spool.content()
        #expect(content.incidents.isEmpty && content.damaged.isEmpty)
    }

    static let damages: [(String, String)] = [
        ("", "'Event' is missing"), ("no header at all", "'Event' is missing"),
        (complete.replacing("restarted\n", with: "exploded\n"), "'Event' is unknown"),
        (complete.replacing("crash-loop", with: "boredom"), "'Kind' is unknown"),
        (complete.replacing("Time: 1800000060", with: "Time: soon"), "'Time' is no time"),
        (complete.replacing("Time: 1800000060", with: "Time: 9223372036854775807"), "'Time' is no time"),
        (complete.replacing("Subject: web\n", with: "Subject:\n"), "'Subject' is missing"),
        (complete.replacing("Incident: 0f8a\n", with: ""), "'Incident' is missing"),
        (String(complete.prefix(40)), "'Kind' is missing"),
        (complete + String(repeating: "x", count: 1 << 20), "larger than"),
    ]

    @Test("a damaged file says why, is set aside and never lost, and stands in the way of no other", arguments: damages)
    func damaged(text: String, reason: String) async throws {
        try leave(text, "1800000060000001-web-opened")
        try leave(Self.complete, "1800000060000002-web-restarted")
        for round in 1...2 {
            let content = try await spool.content()
            #expect(content.incidents.map(\.file) == ["1800000060000002-web-restarted"])
            let damage = try #require(content.damaged.first)
            #expect(damage.reason.contains(reason))
            try await spool.setAside(damage.file)
            #expect(try await spool.content().damaged.isEmpty)
            #expect(try spool.damage().count == round, "the second of that name replaces nothing")
            try leave(text, "1800000060000001-web-opened")
        }
        #expect(try content("\(directory)/damaged/1800000060000001-web-opened") == text)
    }

    @Test("any bytes in the log are readable text, of moderate length, and its end is kept")
    func anyBytes() async throws {
        var bytes = Data(Self.complete.utf8)
        bytes.append(contentsOf: [0x0A, 0xFF, 0x00, 0xC3])
        bytes.append(Data(String(repeating: "long line\n", count: 10_000).utf8))
        bytes.append(Data("the end\n\n".utf8))
        try leave(bytes, "1800000060000001-web-restarted")
        let log = try #require(try await spool.content().incidents.first?.event.details.log)
        #expect(log.hasSuffix("long line\nthe end"))
        #expect(log.utf8.count < 20_000 && !log.contains("\0"))
    }
}
