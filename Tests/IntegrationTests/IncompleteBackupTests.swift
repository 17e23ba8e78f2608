import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "A backup that lacks something says so everywhere, until it is complete again",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(5)))
struct IncompleteBackupTests {
    /// Fails while there is a file `broken`; what it says then quotes the secret.
    private static let dump = #"""
        {"mode": "hook", "load": ["cat"],
         "dump": ["sh", "-c", "if [ -e /data/broken ]; then echo half; echo no room, password $PASSWORD >&2; exit 3; fi; cat /data/starts"]}
        """#

    @Test("one dump that fails costs itself only; the incident is told once, and stays until a complete run")
    func dump() async throws {
        try await VSN.savableWithSite(database: Self.dump) { vsn in
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            try vsn.write("", to: "database/broken")
            for _ in 1...2 {
                let failed = try await vsn.fairlead("backup", "now")
                expect(
                    failed, status: 1, saying: "'database' not saved: its dump failed with exit status 3: no room",
                    "hint: ",
                    "disk: ")
                #expect(!(failed.text + failed.errorTail).contains("canary"), "\(failed.text)")
            }
            let run = try #require(try vsn.runs().last)
            #expect(try vsn.runs().count == 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: run).contains { $0.hasPrefix("site.tar") })
            #expect(!FileManager.default.fileExists(atPath: "\(run)/database.dump.zst.age.0000"))

            let gap = "'database' not saved: its dump failed with exit status 3"
            expect(try await vsn.fairlead("status"), status: 0, saying: "incomplete: \(gap)")
            let name = URL(filePath: run).lastPathComponent
            expect(try await vsn.fairlead("backup", "list"), status: 0, saying: "incomplete", gap, "listed")
            expect(try await vsn.fairlead("backup", "verify", name), status: 1, saying: "incomplete: \(gap)")
            let headline = "the backup is incomplete: \(gap)"
            #expect(try vsn.subjects() == [headline], "no daemon runs, and no cycle did")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try vsn.subjects() == [headline])
            #expect(try vsn.mails().allSatisfy { !$0.body.contains("canary") })
            #expect(try vsn.mails().first?.body.contains("no room, password [secret password]") == true)
            #expect(try await vsn.openSubjects() == ["backup"])

            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database/broken")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            #expect(try await vsn.openSubjects() == [])
            let told = [headline, "recovered: a complete backup was made"]
            #expect(try vsn.subjects() == told)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try vsn.subjects() == told)
            let status = try await vsn.fairlead("status")
            #expect(!status.text.contains("incomplete"), "\(status.text)")
        }
    }

    @Test(
        "'fairlead backup now' has people told at once while no daemon runs, by the server of the plan, and once",
        .enabled(if: SMTPServer.isInstalled))
    func toldWithoutDaemon() async throws {
        let server = try await SMTPServer(.plain)
        let mail = VSN.deadMail.replacing("smtp+plain://127.0.0.1:1", with: server.url)
        try await VSN.savableWithSite(database: Self.dump, mail: mail) { vsn in
            try vsn.write("", to: "database/broken")
            for _ in 1...2 {
                expect(try await vsn.fairlead("backup", "now"), status: 1, saying: "'database' not saved")
            }
            try await vsn.waits("for the mail") { try server.inbox().count == 1 }
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database/broken")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            try await vsn.waits("for the end") { try server.inbox().count == 2 }
            try await vsn.waits("for an empty queue") { try vsn.mails().isEmpty }
            #expect(try server.inbox().count == 2)
            #expect(try server.inbox().allSatisfy { $0.recipients == ["ops@acme.example.com"] })
        }
    }

    @Test("T3: a teardown waits for no dump that hangs; the backup made way, which is no incident")
    func hanging() async throws {
        let dump = #"""
            {"mode": "hook", "load": ["cat"],
             "dump": ["sh", "-c", "if [ -e /data/hang ]; then echo x >/data/hangs; sleep 5000; fi; cat /data/starts"]}
            """#
        try await VSN.savableWithSite(database: dump) { vsn in
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            try vsn.write("", to: "database/hang")
            async let backup = vsn.fairlead("backup", "now")
            while !FileManager.default.fileExists(atPath: "\(vsn.dataDirectory)/database/hangs") {
                try await Task.sleep(for: .milliseconds(100))
            }
            let torn = try await vsn.fairlead("teardown", "--yes")
            expect(torn, status: 0)
            let cut = try await backup
            expect(cut, status: 1, saying: "the backup made way")
            #expect(try await vsn.containers() == [])
            #expect(try vsn.runs().count == 1)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("a data directory that is away, or emptied by hand, is missing; the way back is what the error names")
    func missing() async throws {
        try await VSN.savableWithSite { vsn in
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            let (site, away) = ("\(vsn.dataDirectory)/site", "\(vsn.scratch.path)/away")
            try FileManager.default.moveItem(atPath: site, toPath: away)
            expect(
                try await vsn.fairlead("backup", "now"), status: 1, saying: "'site' missing: it has no directory",
                "fairlead reconcile --force")
            #expect(try await vsn.openSubjects() == ["backup"])
            try FileManager.default.moveItem(atPath: away, toPath: site)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            #expect(try await vsn.openSubjects() == [])

            try FileManager.default.removeItem(atPath: "\(site)/page")
            let emptied = try await vsn.fairlead("backup", "now")
            expect(emptied, status: 1, saying: "'site' missing: it is empty, and run ", "rmdir \(site)")
            // Way back 1: what the hint says.
            try FileManager.default.removeItem(atPath: site)
            expect(try await vsn.fairlead("reconcile", "--force"), status: 0)
            #expect(vsn.data("site/page") == "page")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            // Way back 2: it is meant.
            try FileManager.default.removeItem(atPath: "\(site)/page")
            expect(
                try await vsn.fairlead("backup", "now"), status: 1, saying: "fairlead backup accept site",
                "'fairlead reconcile --force' restores it")
            expect(try await vsn.fairlead("backup", "accept", "nobody"), status: 1, saying: "it has 'database', 'site'")
            expect(try await vsn.fairlead("backup", "accept", "site"), status: 0)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            // What lacks the directory that it was started with is told of until then.
            expect(try await vsn.fairlead("adopt", "--data", "site"), status: 0)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("one that lost most of what it held is told, by an incident of its own that ends when it is accepted")
    func shrunk() async throws {
        try await VSN.savableWithSite { vsn in
            try await vsn.fill("\(vsn.dataDirectory)/site/big", megabytes: 4)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/site/big")
            for _ in 1...2 {
                expect(
                    try await vsn.fairlead("backup", "now"), status: 0, saying: "'site' is much smaller than it was: ")
            }
            #expect(try await vsn.openSubjects() == ["backup size"])
            #expect(try vsn.subjects() == ["much less was saved of 'site' than before"])
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try vsn.subjects() == ["much less was saved of 'site' than before"])
            expect(try await vsn.fairlead("status"), status: 0, saying: "'site' is much smaller: ")
            expect(try await vsn.fairlead("backup", "list"), status: 0, saying: "'site' is much smaller: ")
            expect(
                try await vsn.fairlead(["backup", "drill"], deadline: .seconds(300)), status: 0,
                saying: "'site' of run ", "is much smaller than it was")
            expect(try await vsn.fairlead("backup", "accept", "site"), status: 0)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("a run of which a part has gone from the storage is not called listed")
    func parts() async throws {
        try await VSN.savableWithSite { vsn in
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            expect(try await vsn.fairlead("backup", "list"), status: 0, saying: "listed")
            let run = try #require(try vsn.runs().first)
            let part = "\(run)/site.tar.zst.age.0000"
            let bytes = try Data(contentsOf: URL(filePath: part))
            try bytes.dropLast().write(to: URL(filePath: part))
            expect(
                try await vsn.fairlead("backup", "list"), status: 1, saying: "parts missing",
                "data directory 'site': part 'site.tar.zst.age.0000' has \(bytes.count - 1) bytes instead of \(bytes.count)"
            )
            try FileManager.default.removeItem(atPath: part)
            expect(
                try await vsn.fairlead("backup", "list", "--output", "json"), status: 1,
                saying: #""state" : "partsMissing""#, "is missing")
        }
    }
}

extension VSN {
    /// A stack with a second data directory, `site`, that holds a file.
    fileprivate static func savableWithSite(
        database: String = #"{"mode": "pause"}"#, mail: String = VSN.deadMail, _ body: (VSN) async throws -> Void
    ) async throws {
        try await with { vsn in
            try vsn.scratch.write(#"{"password": "canary-dump"}"#, to: "secrets.json")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: "\(vsn.scratch.path)/secrets.json")
            try await vsn.makeBackupKeys(["secretsFile": "\(vsn.scratch.path)/secrets.json"])
            try await vsn.publish("1.0.0")
            let changes = try await vsn.backupChanges("", database: database)
                .replacing(#"{"backup""#, with: #"{\#(mail), "backup""#)
                .replacing(
                    #"{"database": {"#,
                    with: """
                        {"web": {"volumes": [{"data": "site", "target": "/site", "backup": {"mode": "live"}}]},
                         "database": {"environment": {"PASSWORD": "${secret:password}"},
                        """)
            try vsn.commit("1.0.0", changes: changes)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try vsn.write("page", to: "site/page")
            try await body(vsn)
        }
    }

    fileprivate func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(dataDirectory)/\(file)"))
    }
}
