import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport

@testable import Backup

/// A host of stack `acme` with keys of its own and a directory as its storage, and what it backed up there.
struct BackedUpHost {
    let sandbox: PodmanSandbox
    /// Before a copy, those of the plan that are missing, as its deployment did.
    var makesDirectories = true
    var fixture: HostFixture
    var plan: ResolvedPlan

    /// Why tests with it cannot run here.
    static let unavailable = PodmanSandbox.unavailable ?? TestProgram.missingForRoot("age", "zstd", "rclone")

    static func with(_ body: (inout BackedUpHost) async throws -> Void) async throws {
        try await PodmanSandbox.with { sandbox in
            var host = try await BackedUpHost(sandbox)
            try await body(&host)
        }
    }

    private init(_ sandbox: PodmanSandbox) async throws {
        self.sandbox = sandbox
        var fixture = try HostFixture()
        let path = fixture.scratch.path
        fixture.configuration.signingKey = try await Self.signingKey("\(path)/signing")
        fixture.configuration.ageIdentity = "\(path)/age"
        _ = try await Command("/usr/bin/age-keygen", ["-o", "\(path)/age"]).run()
        self.fixture = fixture
        store = "\(path)/store"
        let recipient = try await Command("/usr/bin/age-keygen", ["-y", "\(path)/age"]).run().text
        let data = ["database", "files"].map { name in
            var volume = volume(name)
            volume.backup = VolumeBackup(mode: .live)
            return volume
        }
        plan = HostSupport.plan(["web": container(volumes: data)])
        plan.backup = BackupPlan(
            recipients: [recipient.trimmingCharacters(in: .whitespacesAndNewlines)],
            targets: ["nas": BackupTarget(store: .directory(store, local: true))])
    }

    static func signingKey(_ path: String) async throws -> String {
        _ = try await Command("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]).run()
        return path
    }

    var stackDirectory: String { "\(fixture.data)/acme" }
    let store: String
    /// Holds copies of the data as it was saved.
    var saved: String { "\(fixture.scratch.path)/saved" }

    var host: HostSystem {
        let environment = sandbox.environment
        return HostSystem(configuration: fixture.configuration) {
            []
        } engineProgram: {
            EngineProgram(of: .podman, environment: environment)
        }
    }

    /// Of a moment three hours after the newest run of `backUp`.
    var restore: DataRestore { DataRestore(host: host) { Timestamp(milliseconds: 1_795_232_800_000 + 3 * 3_600_000) } }

    func write(_ text: String, to file: String) throws { try fixture.scratch.write(text, to: "data/acme/\(file)") }

    /// The run of `day` days before the newest one.
    @discardableResult
    func backUp(
        daysAgo day: Int64 = 0, partSize: Int64 = 1 << 30, note: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> BackupRunID {
        let run = try await seal(copy(daysAgo: day, partSize: partSize, note: note))
        for delivery in try await deliver() { if let failure = delivery.failure { throw failure } }
        return run
    }

    func backups(partSize: Int64 = 1 << 30) -> Backups { Backups(host: host, partSize: ByteCount(bytes: partSize)) }

    /// The first of its three steps.
    func copy(
        daysAgo day: Int64 = 0, partSize: Int64 = 1 << 30, isStopped: Bool = false,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Backups.Copied {
        if makesDirectories {
            for name in plan.dataNames {
                try FileManager.default.createDirectory(
                    atPath: "\(stackDirectory)/\(name)", withIntermediateDirectories: true)
            }
        }
        let state = DeployedState(
            desired: DesiredState(plan: plan), commit: CommitID(String(repeating: "a", count: 40))!, deployment: 1,
            images: [:])
        let now = Timestamp(milliseconds: 1_795_232_800_000 - day * 86_400_000)
        return try await backups(partSize: partSize).copy(state, isStopped: isStopped, now: now, note: note)
    }

    @discardableResult
    func seal(_ copied: Backups.Copied) async throws -> BackupRunID {
        try await backups().seal(copied, now: copied.run.moment)
        return copied.run
    }

    func deliver(_ secrets: Secrets = Secrets()) async throws -> [Backups.Delivery] {
        try await backups().deliver(for: plan, secrets: secrets, progress: { _ in })
    }

    /// Another machine with the name and the keys of this one, and data of its own: what a copied disk makes.
    func copiedMachine() throws -> BackedUpHost {
        var other = self
        other.fixture = try HostFixture()
        other.fixture.configuration.signingKey = fixture.configuration.signingKey
        other.fixture.configuration.ageIdentity = fixture.configuration.ageIdentity
        return other
    }

    /// The directory of a run in the storage.
    func path(of run: BackupRunID) -> String { "\(store)/acme/vsn1/\(run)" }

    /// Its first part of `volume`.
    func part(of run: BackupRunID, _ volume: String = "database") -> String {
        "\(path(of: run))/\(volume).tar.zst.age.0000"
    }

    func loseData() throws { try FileManager.default.removeItem(atPath: stackDirectory) }

    /// What a deployment does; returns what it tells.
    func restoreData(_ names: Set<String> = ["database", "files"]) async throws -> [String] {
        let notes = try await fetchData(names)
        return notes + (try await restore.placeData(of: plan)).map { "\($0.subject): \($0.text)" }
    }

    func fetchData(_ names: Set<String> = ["database", "files"]) async throws -> [String] {
        let notes = Notes()
        _ = try await restore.fetchData(for: names, of: plan, secrets: Secrets()) { notes.add($0) }
        return notes.all
    }

    /// Names in the stack's directory, those that a user does not see too.
    func entries() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: stackDirectory)) ?? []).sorted()
    }
}

final class Notes: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
}
