import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite(
    "J4 J10: a drill starts the stack on its newest backup, beside the running one, and leaves nothing",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(10)))
struct DrillTests {
    @Test("it is cut off from the running stack, which serves all the time; no backup and no deployment wait for it")
    func beside() async throws {
        try await VSN.drillable(version: "1.1.0") { vsn in
            try await vsn.makeBackupKeys(["secretsFile": vsn.secretsFile, "exclusive": true])
            let before = try await (vsn.containerID("web"), vsn.containerID("database"), vsn.networks())
            let (drill, refusals) = try await vsn.heldDrill(serving: "1.1.0") {
                #expect(
                    try await vsn.drilled("{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.CpuShares}}") == "no 128")
                #expect(
                    try await vsn.drilled("{{.HostConfig.PortBindings}} {{.HostConfig.Privileged}}") == "map[] false")
                for address in try await vsn.addresses() {
                    let asked = try? await vsn.sandbox.podman(
                        "exec", vsn.drillContainer, "wget", "-T", "5", "-q", "-O", "-", "http://\(address)/version")
                    #expect(asked == nil, "\(address)")
                }
                let second = try await vsn.drill()
                #expect(second.status == 1 && second.errorTail.contains("another drill runs"), "\(second.errorTail)")
                for file in ["/etc/site.conf", "/run/token"] {
                    let content = try await vsn.sandbox.podman("exec", vsn.drillContainer, "cat", file)
                    #expect(content == "canary-\(file)")
                }
                #expect(try await vsn.fairlead("backup", "now").status == 0)
            }
            #expect(refusals == 0)
            let report = try drill.report(passed: true)
            #expect(report.data.map(\.name) == ["database"])
            #expect(report.data.map(\.content) == ["files"])
            #expect(report.containers == ["database": true, "web": true])
            #expect(try await (vsn.containerID("web"), vsn.containerID("database"), vsn.networks()) == before)
            #expect(vsn.data("database/starts")?.split(separator: "\n").count == 1)
            let token = try await vsn.sandbox.podman("exec", "\(vsn.stack)-database", "cat", "/run/token")
            #expect(token == "canary-/run/token")
            #expect(!drill.text.contains("canary") && !drill.errorTail.contains("canary"))
            try await vsn.expectNoRemains()

            let images = try await vsn.images()
            let (overtaken, _) = try await vsn.heldDrill {
                try await vsn.commitGated("1.0.0")
                let deployed = try await vsn.fairlead("reconcile")
                #expect(deployed.status == 0, "\(deployed.errorTail)")
                #expect(await vsn.served() == "1.0.0")
            }
            _ = try overtaken.report(passed: true)
            #expect(await vsn.served() == "1.0.0")
            try await vsn.expectNoRemains()
            // That of 1.1.0, which the drill's container used when the deployment removed what nobody uses.
            #expect(try await vsn.images().count == images.count - 1)
        }
    }

    @Test("a backup that the stack does not serve on is an incident until the next good drill, and so is a damaged one")
    func failure() async throws {
        try await VSN.withBackups { vsn in
            let serving = "[ ! -f /data/broken ] || { echo no such table; exit 3; }; exec httpd -f -p 5432 -h /data"
            try await vsn.commitWithBackup(more: #""command": ["/bin/sh", "-c", "\#(serving)"],"#)
            try #require(try await vsn.deployAndBackUp("customers").status == 0)
            let early = try await vsn.fairlead("status", "--output", "json")
            #expect(!early.text.contains(#""drill""#), "\(early.text)")

            try vsn.scratch.write("", to: "data/\(vsn.stack)/database/broken")
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            let failed = try await vsn.drill("--output", "json")
            #expect(failed.status == 1)
            let report = try failed.report(passed: false)
            let reason = "container 'database' ended (exit status 3); its last lines: no such table"
            #expect(report.error == reason, "\(failed.text)")
            #expect(report.containers == ["database": false, "web": false])
            #expect(try await vsn.openSubjects() == ["backup drill"])
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains(/drill +failed/), "\(status.text)")
            try await vsn.expectNoRemains()
            #expect(await vsn.served() == "1.0.0")

            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database/broken")
            for _ in 0..<2 { #expect(try await vsn.fairlead("backup", "now").status == 0) }
            let good = try await vsn.drill()
            #expect(good.status == 0, "\(good.text)\(good.errorTail)")
            #expect(good.text.hasPrefix("the stack serves on its backup, after "), "\(good.text)")
            #expect(try await vsn.openSubjects() == [])

            try vsn.flipStoredBytes(newest: true)
            let older = try await vsn.drill()
            #expect(older.status == 0, "\(older.text)\(older.errorTail)")
            #expect(older.text.contains("is not the one that was saved"), "\(older.text)")
            #expect(try await vsn.openSubjects() == ["backup drill"])
            #expect(try await vsn.fairlead("status").text.contains("an older backup"))
            try await vsn.expectNoRemains()
        }
    }

    @Test("the daemon makes it when it is due, and removes what one left that was killed; a signal ends one in order")
    func daemon() async throws {
        try await VSN.drillable(section: #""drill": "0 5 * * 0","#) { vsn in
            let killed = try await vsn.startHeldDrill()
            kill(killed.processIdentifier, SIGKILL)
            killed.waitUntilExit()
            #expect(try await vsn.containers().contains(vsn.drillContainer))
            // One of Sunday, a long time ago.
            let last = #"{"attempt": {"began": 1700000000000, "ended": 1700000000000, "summary": "", "failures": 0}"#
            try vsn.scratch.write(last + #", "mayPass": false}"#, to: "state/backup/drill.json")
            let left = try await vsn.sandbox.podman("inspect", "--format", "{{.Id}}", vsn.drillContainer)
            try await vsn.withDaemon { daemon in
                try await vsn.waits("for the daemon's own drill") {
                    let id = try await vsn.sandbox.podman("inspect", "--format", "{{.Id}}", vsn.drillContainer)
                    return id != left
                }
                try await vsn.release()
                try await vsn.waits("for its end") {
                    try await vsn.fairlead("status").text.contains(/drill +ok/)
                }
                try await vsn.waits("for its clean-up") { try await vsn.hasNoRemains() }
                daemon.terminate()
                daemon.waitUntilExit()
            }
            let ended = try await vsn.startHeldDrill()
            ended.terminate()
            ended.waitUntilExit()
            #expect(ended.terminationStatus != 0)
            try await vsn.expectNoRemains()
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test(
        "a dump is loaded into the drill's PostgreSQL, not into the one that customers use",
        .enabled(if: PostgresImage.unavailable == nil))
    func postgres() async throws {
        try await VSN.withBackups { vsn in
            let database = try await vsn.deployPostgres()
            let transfers = try await database.transfers()
            try #require(try await vsn.fairlead("backup", "now").status == 0)
            let drill = try await vsn.drill("--output", "json")
            let report = try drill.report(passed: true)
            #expect(report.data.map(\.content) == ["dump"])
            #expect(await database.problems(transfers: transfers) == [])
            #expect(!drill.text.contains("canary-postgres") && !drill.errorTail.contains("canary-postgres"))
            try await vsn.expectNoRemains()
        }
    }
}

/// What the tests look at of a drill's report.
private struct Report: Decodable {
    struct Data: Decodable {
        var name: String
        var content: String
    }

    struct Container: Decodable {
        var name: String
        var healthy: Bool
    }

    enum CodingKeys: String, CodingKey {
        case passed, error, data
        case list = "containers"
    }

    var passed: Bool
    var error: String?
    var data: [Data]
    private var list: [Container]
    var containers: [String: Bool] { Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.healthy) }) }
}

extension CommandResult {
    fileprivate func report(
        passed: Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Report {
        let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        #expect(report.passed == passed, "\(text)\(errorTail)", sourceLocation: sourceLocation)
        return report
    }
}

extension VSN {
    /// A deployed stack with one backup, in which a drill's database waits for `release()` before it is healthy: the file
    /// that makes the running one healthy is not saved.
    fileprivate static func drillable(
        version: String = "1.0.0", section: String = "", _ body: (VSN) async throws -> Void
    ) async throws {
        try await withBackups { vsn in
            try await vsn.makeBackupKeys(["secretsFile": vsn.secretsFile])
            try vsn.scratch.write(#"{"token": "canary-/run/token"}"#, to: "secrets.json")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: vsn.secretsFile)
            try vsn.repo.write("files/site.conf", "canary-/etc/site.conf")
            try await vsn.commitGated(version, section: section)
            let backup = try await vsn.deployAndBackUp("customers")
            try #require(backup.status == 0, "\(backup.text)\(backup.errorTail)")
            try await body(vsn)
        }
    }

    fileprivate func commitGated(_ version: String, section: String = "") async throws {
        let command = "[ -f /data/rows ] || touch /data/go; date >> /data/starts; exec httpd -f -p 5432 -h /data"
        try await commitWithBackup(
            version, volume: #"{"mode": "live", "exclude": ["go"]}"#,
            more: """
                "command": ["/bin/sh", "-c", "\(command)"],
                "health": {"tcp": null, "command": ["/bin/sh", "-c", "test -f /data/go"], "retries": 100},
                "files": [{"source": "files/site.conf", "target": "/etc/site.conf"}],
                "secretFiles": [{"secret": "token", "target": "/run/token"}],
                """,
            // A copy of before would keep its images.
            section: #""beforeDeploy": "none", "# + section)
    }

    fileprivate var secretsFile: String { "\(scratch.path)/secrets.json" }
    fileprivate var drillContainer: String { "fairlead-drill-\(stack)-database" }
    private var drillArea: String { "\(scratch.path)/data/.fairlead-drill" }

    /// Lets the drill's database become healthy.
    fileprivate func release() async throws {
        try scratch.write("", to: "data/.fairlead-drill/data/fairlead-drill-\(stack)/database/go")
    }

    /// Runs `body` while the drill's database runs and is not healthy yet. Returns the drill's end, and, where `version` is
    /// given, how often the published port did not answer with it meanwhile.
    fileprivate func heldDrill(
        serving version: String? = nil, _ body: () async throws -> Void
    ) async throws -> (CommandResult, refusals: Int) {
        async let ended = drill("--output", "json")
        async let refusals = refusals(of: version)
        try await waits("for the drill's database") { try await drilled("{{.State.Running}}") == "true" }
        try await body()
        try await release()
        let end = try await ended
        return (end, try await refusals)
    }

    /// From now until the drill's area is gone.
    private func refusals(of version: String?) async throws -> Int {
        guard let version else { return 0 }
        var refusals = 0
        try await waits("for the drill's area") { FileManager.default.fileExists(atPath: drillArea) }
        while FileManager.default.fileExists(atPath: drillArea) {
            if await served() != version { refusals += 1 }
            try await Task.sleep(for: .milliseconds(100))
        }
        return refusals
    }

    /// It gives way to everything else, so it has more patience than other commands.
    fileprivate func drill(_ arguments: String...) async throws -> CommandResult {
        try await fairlead(["backup", "drill"] + arguments, deadline: .seconds(300))
    }

    fileprivate func startHeldDrill() async throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: FairleadBinary.path)
        process.arguments = ["backup", "drill", "--config", configuration]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await waits("for the drill's database") { try await drilled("{{.State.Running}}") == "true" }
        return process
    }

    /// Of the drill's database, in the words of `podman inspect`.
    fileprivate func drilled(_ format: String) async throws -> String {
        try await sandbox.podman("inspect", "--format", format, drillContainer)
    }

    /// Where the running stack can be reached from this host.
    fileprivate func addresses() async throws -> [String] {
        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}}{{end}}"
        let text = try await sandbox.podman("inspect", "--format", format, "\(stack)-web")
        let addresses = text.split(separator: " ").map(String.init)
        #expect(addresses.count == 2)
        return addresses.map { "\($0):8080" } + ["127.0.0.1:\(port)"]
    }

    fileprivate func images() async throws -> Set<String> {
        let ids = try await sandbox.podman("images", "--quiet", "--no-trunc")
        return Set(ids.split(separator: "\n").map(String.init))
    }

    fileprivate func hasNoRemains() async throws -> Bool {
        let own = try await containers() == ["\(stack)-database", "\(stack)-web"]
        let networks = try await networks() == [stack]
        let places = [drillArea, "\(runtimeDirectory)/drill"]
        return own && networks && !places.contains { FileManager.default.fileExists(atPath: $0) }
    }

    fileprivate func expectNoRemains(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let left = try await containers()
        #expect(try await hasNoRemains(), "\(left)", sourceLocation: sourceLocation)
    }
}
