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
    "A data directory that cannot be saved costs itself only, and is never lost without a word",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil), .timeLimit(.minutes(5)))
struct IncompleteRunTests {
    @Test("one that is missing, or was emptied, fails; the others are saved and delivered")
    func missing() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            let first = try await host.backUp(daysAgo: 2)
            #expect(try await host.manifest(of: first).incomplete == nil)

            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database/table")
            let emptied = try await host.manifest(of: host.backUp(daysAgo: 1))
            #expect(emptied.incomplete == ["database": "missing: it is empty, and run \(first) held it"])
            #expect(emptied.dataNames == ["files"])

            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database")
            host.makesDirectories = false
            let missing = try await host.manifest(of: host.backUp())
            #expect(missing.incomplete == ["database": "missing: it has no directory"])
            #expect(missing.format == 3)
            try FileManager.default.createDirectory(
                atPath: "\(host.stackDirectory)/database", withIntermediateDirectories: true)
            try host.write("rows", to: "database/table")
            #expect(try await host.manifest(of: host.backUp(daysAgo: -1)).incomplete == nil)
        }
    }

    @Test("of another directory in the place of the one that is deployed, such as a mount point, nothing is read")
    func replaced() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            try await host.backUp(daysAgo: 1)
            let look = DataLook(host.fixture.host)
            let marks = try await look.findings(on: host.plan.dataNames, in: host.plan).compactMapValues(\.found)
            try await look.remember(marks, of: host.plan.stack)
            let (directory, away) = ("\(host.stackDirectory)/database", "\(host.fixture.scratch.path)/away")
            try FileManager.default.moveItem(atPath: directory, toPath: away)
            try host.write("nobody's", to: "database/table")
            let other = try await host.manifest(of: host.backUp())
            #expect(other.incomplete == ["database": "not saved: it is not the directory that was deployed"])
            #expect(other.dataNames == ["files"])
            try FileManager.default.removeItem(atPath: directory)
            try FileManager.default.moveItem(atPath: away, toPath: directory)
            #expect(try await host.manifest(of: host.backUp(daysAgo: -1)).incomplete == nil)
        }
    }

    @Test("where nothing can be saved there is no run")
    func nothing() async throws {
        try await BackedUpHost.with { host in
            host.makesDirectories = false
            try FileManager.default.createDirectory(
                atPath: "\(host.stackDirectory)/files", withIntermediateDirectories: true)
            let error = await #expect(throws: HostError.self) { try await host.copy() }
            #expect(error?.message == "no data directory could be saved: 'database' missing: it has no directory")
            #expect(try host.spooled() == [])
        }
    }

    @Test("one that is empty is asked for in the storage where this host does not remember it, and only then")
    func recall() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            let run = try await host.backUp(daysAgo: 1)
            let memory = "\(host.fixture.configuration.stateDirectory)/backup/volumes.json"
            try FileManager.default.removeItem(atPath: memory)
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database/table")
            try host.write("picture", to: "files/one")
            // A storage that does not answer is no proof.
            try FileManager.default.moveItem(atPath: host.store, toPath: "\(host.store).away")
            try Data().write(to: URL(filePath: host.store))
            #expect(try await host.recall().contains { $0.contains("whether a run holds 'database' is not known") })
            try FileManager.default.removeItem(atPath: host.store)
            try FileManager.default.moveItem(atPath: "\(host.store).away", toPath: host.store)
            #expect(try await host.recall() == [])
            let manifest = try await host.manifest(of: host.backUp())
            #expect(manifest.incomplete == ["database": "missing: it is empty, and run \(run) held it"])
            // What is known is not asked for again.
            try FileManager.default.removeItem(atPath: host.store)
            try Data().write(to: URL(filePath: host.store))
            #expect(try await host.recall() == [])
        }
    }

    @Test("what this host remembers of a directory outlasts its new name, and the stack's")
    func renamed() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            let run = try await host.backUp(daysAgo: 1)
            host.plan.stack = "beta"
            host.plan.formerly = "acme"
            host.plan.containers["web"]?.volumes[0].source = .data("db")
            host.plan.containers["web"]?.volumes[0].formerly = "database"
            try host.fixture.scratch.write("picture", to: "data/beta/files/one")
            try FileManager.default.createDirectory(
                atPath: "\(host.fixture.data)/beta/db", withIntermediateDirectories: true)
            let failures = try await host.copy().failures
            #expect(failures.map(\.name) == ["db"])
            #expect(failures.map(\.reason) == ["missing: it is empty, and run \(run) held it"])
        }
    }

    @Test("a queue that was worked off in the newest run stays empty where it is restored: nothing older comes back")
    func queue() async throws {
        try await BackedUpHost.with { host in
            host.plan.containers["web"]?.volumes[1].mayBeEmpty = true
            try host.write("rows", to: "database/table")
            try host.write("order", to: "files/one")
            try await host.backUp(daysAgo: 1)
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/files/one")
            let run = try await host.backUp()
            #expect(try await host.manifest(of: run).empty == ["files"])
            try host.loseData()
            let notes = try await host.restoreData()
            #expect(notes.contains { $0.hasPrefix("data directory 'files' was empty in run \(run)") }, "\(notes)")
            #expect(host.entries() == ["database"])
        }
    }

    @Test("an operator can say that one is meant to be empty")
    func accepted() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            try await host.backUp(daysAgo: 1)
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database/table")
            let runs = EarlierRuns(host: host.host)
            let plan = host.plan
            let error = #expect(throws: HostError.self) { try runs.accept(["mail"], of: plan) }
            #expect(error?.hint == "it has 'database', 'files'")
            try runs.accept(["database"], of: plan)
            #expect(try await host.manifest(of: host.backUp()).incomplete == nil)
        }
    }

    @Test("what a run lacks comes from the newest one that holds it, which is told")
    func restore() async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            try host.write("Monday", to: "files/one")
            let monday = try await host.backUp(daysAgo: 2)
            try host.write("Tuesday", to: "files/one")
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database/table")
            let tuesday = try await host.backUp(daysAgo: 1)
            try host.loseData()
            let told = try await host.restoreData()
            #expect(try content("\(host.stackDirectory)/database/table") == "Monday", "\(told)")
            #expect(try content("\(host.stackDirectory)/files/one") == "Tuesday")
            #expect(
                told.contains { $0.hasPrefix("data directory 'database' is not in run \(tuesday) of 'vsn1' on 'nas'") },
                "\(told)")
            #expect(told.contains { $0.contains("'database': restored from run \(monday)") }, "\(told)")

            let kept = try await host.backups().prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: true)
            #expect(kept.kept == [monday, tuesday])
        }
    }

    @Test(
        "a program that the copy needs and that has gone is told with its package, before anything is copied",
        arguments: [("zstd", "zstd"), ("age", "age"), ("ssh-keygen", "openssh-client")])
    func programGone(name: String, package: String) async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            host.fixture.configuration.commandPath = try host.fixture.programs(without: [name])
            let gone = host
            let error = await #expect(throws: HostError.self) { try await gone.copy() }
            #expect(error?.message == "'\(name)' is not installed")
            #expect(error?.hint == "install it: apt-get install \(package)")
            #expect(try host.backups().undelivered() == [])

            // Only the way to the target lacks it.
            host.fixture.configuration.commandPath = try host.fixture.programs(without: ["rclone"])
            #expect(try await host.copy().failures.isEmpty)
        }
    }

    @Test("what no run holds although it should is not started empty")
    func neverSaved() async throws {
        try await BackedUpHost.with { host in
            try host.write("picture", to: "files/one")
            host.makesDirectories = false
            let run = try await host.backUp()
            try host.loseData()
            let error = await #expect(throws: HostError.self) { try await host.fetchData() }
            #expect(
                error?.message == "no backup of data directory 'database' can be used: run \(run) of 'vsn1' on 'nas' "
                    + "lacks it: missing: it has no directory")
            #expect(error?.hint.contains("begin with empty data") == true)
            host.plan.backup?.restore = .run("\(run)")
            let named = await #expect(throws: HostError.self) { try await host.fetchData() }
            #expect(named?.message == error?.message)
            #expect(named?.hint == "remove 'restore': the newest run that holds it is taken")
            host.plan.backup?.restore = .newest
            let look = BackupExtraction(host: host.host) { Timestamp(milliseconds: 0) }
            let items = try await look.extract(
                .init(), of: host.plan, secrets: Secrets(), to: "\(host.fixture.scratch.path)/look"
            ) { _ in }
            #expect(items.map(\.name) == ["files"])
        }
    }

    @Test("a description that nobody understands costs its data directory only")
    func labels() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(mode: .hook)
            let manifest = try await host.manifest(of: host.backUp())
            #expect(manifest.incomplete == ["database": "not saved: it cannot be prepared for the copy"])
            #expect(manifest.dataNames == ["files"])
        }
    }

    @Test("a last backup has everything, or is none")
    func last() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            host.makesDirectories = false
            let error = await #expect(throws: HostError.self) { try await host.copy(isStopped: true) }
            #expect(
                error?.message == "the last backup would be incomplete: 'files' missing: it has no directory")
            #expect(try host.spooled() == [])
        }
    }

    @Test("a dump that fails beside one that does not leaves no part behind", arguments: ["exit 3", "exit 0"])
    func dumps(end: String) async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(
                mode: .hook, dump: ["sh", "-c", "[ '\(end)' = 'exit 0' ] || echo half; echo can''ary >&2; \(end)"],
                load: ["cat"])
            let copied = try await host.copy()
            #expect(copied.failures.map(\.said) == ["canary"])
            let run = try await host.seal(copied)
            _ = try await host.deliver()
            let reason =
                end == "exit 0" ? "not saved: its dump is empty" : "not saved: its dump failed with exit status 3"
            #expect(try await host.manifest(of: run).incomplete == ["database": reason])
            let names = try FileManager.default.contentsOfDirectory(atPath: host.path(of: run)).sorted()
            #expect(names == ["files.tar.zst.age.0000", "manifest.json", "manifest.json.sig"])
            // It holds the command, as the plan does, and not what that said.
            #expect(try content("\(host.path(of: run))/manifest.json").contains("canary") == false)
        }
    }
}

extension BackedUpHost {
    /// With its container, in which commands run.
    static func withContainer(_ body: (inout BackedUpHost) async throws -> Void) async throws {
        try await with { host in
            let image = "localhost/dumping:1"
            try await host.sandbox.load(PodmanTestImage(command: "/bin/sleep", "600"), as: image)
            try await host.sandbox.podman(
                "run", "--detach", "--name", "acme-web", "--stop-timeout", "1", "--network", "none", image)
            try await body(&host)
        }
    }

    func spooled() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(fixture.configuration.stateDirectory)/backup/spool")
    }

    /// What it tells.
    func recall() async throws -> [String] {
        let notes = Notes()
        try await EarlierRuns(host: host).recall(plan, secrets: Secrets()) { notes.add($0) }
        return notes.all
    }
}
