import Files
import Foundation
import Glibc
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite(
    "T3: a copy that a container draws out costs its data directory only, and nobody waits for it",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil), .timeLimit(.minutes(5)))
struct CopyTrafficTests {
    /// With a child that lives on without its parent, in a process group of its own.
    private static func hanging(_ seconds: Int) -> [String] {
        ["sh", "-c", "trap '' TERM HUP; (trap '' TERM HUP; sleep \(seconds)1; :) & echo begun; sleep \(seconds)2; :"]
    }

    @Test("a dump that does not end within its time-out is killed with all that it started; the rest is saved")
    func late() async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(
                mode: .hook, dump: Self.hanging(4711), load: ["cat"], timeout: .seconds(1))
            let copied = try await host.copy()
            #expect(copied.failures.map(\.reason) == ["not saved: its dump did not end within 1s"])
            #expect(copied.failures.first?.hint.contains("write 'timeout' into the volume's 'backup'") == true)
            #expect(try await host.processes("sleep 4711") == [])
            try await host.seal(copied)
            for delivery in try await host.deliver() { #expect(delivery.failure == nil) }
            #expect(try await host.manifest(of: copied.run).dataNames == ["files"])
            #expect(try await host.sandbox.podman("inspect", "--format", "{{.State.Status}}", "acme-web") == "running")
        }
    }

    @Test("who acts on the stack waits for no dump: that copy is cut, and leaves nothing behind")
    func dump() async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(
                mode: .hook, dump: Self.hanging(4722), load: ["cat"])
            let (given, traffic) = (host, host.traffic)
            async let cut = Self.cut(given, traffic)
            while try await host.processes("sleep 4722").isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            // A job may take the host's lock meanwhile: no container is held.
            _ = try await HostLock.acquire(at: host.hostLock, command: "job", now: Timestamp(milliseconds: 0))
            try await Self.act(on: host)
            let error = try await cut
            #expect(error == CopyTraffic.gaveWay)
            #expect(try await host.processes("sleep 4722") == [])
            #expect(try host.spooled() == [])
        }
    }

    @Test("a container that is held goes on when its copy is cut; until then nobody else has the host's lock")
    func held() async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(mode: .pause)
            let slow = "\(host.fixture.scratch.path)/slow"
            try host.fixture.scratch.install("#!/bin/sh\ntrap '' TERM\nexec sleep 600\n", to: "slow/zstd")
            host.fixture.configuration.commandPath = "\(slow):\(host.fixture.configuration.commandPath)"
            let (given, traffic) = (host, host.traffic)
            async let cut = Self.cut(given, traffic)
            while try await host.status != "paused" { try await Task.sleep(for: .milliseconds(50)) }
            let path = host.hostLock
            let error = await #expect(throws: HostError.self) {
                _ = try await HostLock.acquire(at: path, command: "job", now: Timestamp(milliseconds: 0))
            }
            #expect(error?.message.contains("'fairlead run: copy the data for the backup'") == true)
            try await Self.act(on: host)
            let reason = try await cut
            #expect(reason == CopyTraffic.gaveWay)
            #expect(try await host.status == "running")
            #expect(try host.spooled() == [])
        }
    }

    @Test("a copy begins when nobody acts on the stack any more")
    func waits() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            let locks = CopyLock(beside: host.hostLock)
            let acting = try await locks.preempt(command: "teardown", now: Timestamp(milliseconds: 0), wait: .zero)
            let (given, traffic) = (host, host.traffic)
            async let copied = Self.copy(given, traffic)
            try await Task.sleep(for: .milliseconds(300))
            #expect((try? host.spooled()) ?? [] == [])
            _ = consume acting
            let failures = try await copied.failures
            #expect(failures == [])
        }
    }

    @Test("a wish ends with whoever had it")
    func wish() async throws {
        let scratch = try Scratch()
        let lock = CopyLock(beside: "\(scratch.path)/lock")
        #expect(!lock.isWanted)
        let first = try await lock.want()
        let second = try await lock.want()
        #expect(lock.isWanted)
        _ = consume first
        #expect(lock.isWanted)
        _ = consume second
        #expect(!lock.isWanted)
    }

    @Test("what a kill of Fairlead left of a dump is ended with the next start")
    func orphan() async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            let spool = "\(host.fixture.configuration.stateDirectory)/backup/spool/20261121T020000Z"
            try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: true)
            let script = #"echo $$ >"$0/process"; setsid podman exec --env "FAIRLEAD_BACKUP=$0" acme-web "$@"; :"#
            let orphan = try TestProgram(
                "setsid", ["bash", "-c", script, spool] + Self.hanging(4733), environment: host.sandbox.environment
            ).start()
            defer { orphan.stop() }
            while try await host.processes("sleep 4733").count < 2 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try host.backups().hasRemains())
            await host.backups().recover()
            #expect(try await host.processes("sleep 4733") == [])
            #expect(try host.spooled() == [])
        }
    }

    private static func copy(_ host: BackedUpHost, _ traffic: CopyTraffic) async throws -> Backups.Copied {
        let state = DeployedState(
            desired: DesiredState(plan: host.plan), commit: CommitID(String(repeating: "a", count: 40))!, deployment: 1,
            images: [:])
        try FileManager.default.createDirectory(
            atPath: "\(host.stackDirectory)/files", withIntermediateDirectories: true)
        return try await traffic.during {
            try await host.backups().copy(
                state, beside: traffic, now: Timestamp(milliseconds: 1_795_232_800_000), note: { _ in })
        }
    }

    /// Why it was not made.
    private static func cut(_ host: BackedUpHost, _ traffic: CopyTraffic) async throws -> HostError? {
        do {
            _ = try await copy(host, traffic)
            return nil
        } catch let error as HostError {
            return error
        }
    }

    /// As a deployment does.
    private static func act(on host: BackedUpHost) async throws {
        let locks = CopyLock(beside: host.hostLock)
        let (now, wait) = (Timestamp(milliseconds: 0), Duration.seconds(60))
        let wish = try await locks.want()
        let lock = try await HostLock.acquire(at: host.hostLock, command: "deploy", now: now, wait: wait)
        let data = try await locks.preempt(command: "deploy", now: now, wait: wait)
        _ = consume wish
        _ = consume data
        _ = consume lock
    }
}

extension BackedUpHost {
    fileprivate var hostLock: String { "\(fixture.configuration.runtimeDirectory)/lock" }

    fileprivate var traffic: CopyTraffic {
        CopyTraffic(
            hostLock: hostLock, command: "fairlead run: copy the data for the backup", patience: .seconds(60)
        ) { Timestamp(milliseconds: 0) }
    }

    fileprivate var status: String {
        get async throws { try await sandbox.podman("inspect", "--format", "{{.State.Status}}", "acme-web") }
    }

    /// Of the container, whose command line is `command` and something more.
    fileprivate func processes(_ command: String) async throws -> [String] {
        try await sandbox.podman("top", "acme-web", "args").split(separator: "\n").map(String.init)
            .filter { $0.contains(command) && !$0.contains("sh -c") }
    }
}
