import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// S8, J4: what a backup needs is found before the first deployment, not at night.
@Suite(.enabled(if: mustRun || TestProgram.missingForRoot("rclone", "age", "zstd", "ssh-keygen") == nil))
struct BackupReadinessTests {
    var fixture: HostFixture
    private let recipient: String

    init() async throws {
        fixture = try HostFixture()
        let path = fixture.scratch.path
        fixture.configuration.signingKey = try await BackedUpHost.signingKey("\(path)/signing")
        fixture.configuration.ageIdentity = "\(path)/age"
        try await tool("age-keygen", "-o", "\(path)/age")
        try await tool("age-keygen", "-o", "\(path)/recovery")
        recipient = try await tool("age-keygen", "-y", "\(path)/recovery").text.filter { !$0.isWhitespace }
    }

    private func plan(_ targets: [String: BackupTarget]) -> ResolvedPlan {
        var plan = HostSupport.plan(["web": container(volumes: [volume("database")])])
        plan.backup = BackupPlan(recipients: [recipient], targets: targets)
        return plan
    }

    private func directory(_ name: String) -> BackupTarget {
        BackupTarget(store: .directory("\(fixture.scratch.path)/\(name)", local: true))
    }

    private func remote(_ options: [String: String], _ path: String, lock: String? = nil) -> BackupTarget {
        BackupTarget(
            store: .rclone(options: options.mapValues(SecretText.init(source:)), path: path),
            lock: lock.flatMap(PlanDuration.init))
    }

    @Test("a host that has all is ready; a target that lets it is left as it was")
    func ready() async throws {
        #expect(await fixture.host.problems(for: plan(["nas": directory("nas")])) == [])
        let left = try FileManager.default.subpathsOfDirectory(atPath: "\(fixture.scratch.path)/nas").sorted()
        #expect(left == ["acme", "acme/vsn1"])
    }

    @Test(
        "a program that is missing is told with its package, and nothing else",
        arguments: ["rclone", "zstd", "age", "ssh-keygen", "split", "age-keygen", "tar"])
    func programs(name: String) async throws {
        var fixture = fixture
        fixture.configuration.commandPath = try fixture.programs(without: [name])
        let packages = ["ssh-keygen": "openssh-client", "split": "coreutils", "age-keygen": "age"]
        let problems = await fixture.host.problems(for: plan(["nas": directory("nas")]))
        #expect(problems.map(\.message) == ["'\(name)' is not installed"])
        #expect(problems.map(\.hint) == ["install it: apt-get install \(packages[name] ?? name)"])
        var without = plan([:])
        without.backup = nil
        #expect(await fixture.host.problems(for: without) == [])
    }

    @Test("a signing key that is missing, is none, or is locked away by a passphrase is told")
    func signingKey() async throws {
        var fixture = fixture
        let wanted = plan(["nas": directory("nas")])
        let path = fixture.scratch.path
        fixture.configuration.signingKey = "\(path)/nowhere"
        #expect(await messages(fixture, wanted).contains("cannot read the signing key '\(path)/nowhere'"))
        fixture.configuration.signingKey = try fixture.scratch.write("no key", to: "garbage")
        try await tool("chmod", "600", "\(path)/garbage")
        #expect(await messages(fixture, wanted).contains("cannot read the signing key '\(path)/garbage'"))
        try await tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", "\(path)/closed")
        fixture.configuration.signingKey = "\(path)/closed"
        #expect(await messages(fixture, wanted).contains("'\(path)/closed'"))
    }

    @Test("an identity that is missing, open to others, or none is told")
    func identity() async throws {
        var fixture = fixture
        let wanted = plan(["nas": directory("nas")])
        let path = fixture.scratch.path
        fixture.configuration.ageIdentity = nil
        #expect(await messages(fixture, wanted).contains("no identity to open backups with"))
        fixture.configuration.ageIdentity = "\(path)/nowhere"
        #expect(await messages(fixture, wanted).contains("'\(path)/nowhere'"))
        fixture.configuration.ageIdentity = try fixture.scratch.write("no key", to: "garbage")
        try await tool("chmod", "600", "\(path)/garbage")
        #expect(await messages(fixture, wanted).contains("'\(path)/garbage'"))
        try await tool("chmod", "644", "\(path)/age")
        fixture.configuration.ageIdentity = "\(path)/age"
        #expect(await messages(fixture, wanted).contains("'\(path)/age'"))
    }

    @Test(
        "a target is tried before its first deployment and when it changes; one that goes away later holds nothing up")
    func once() async throws {
        let blocked = try fixture.scratch.write("in the way", to: "nas")
        let wanted = plan(["nas": directory("nas")])
        #expect(await messages(fixture, wanted).contains("'\(blocked)' is no directory"))
        try FileManager.default.removeItem(atPath: blocked)
        #expect(await fixture.host.problems(for: wanted) == [])

        try FileManager.default.removeItem(atPath: blocked)
        try fixture.scratch.write("in the way", to: "nas")
        #expect(await fixture.host.problems(for: wanted) == [])
        var slower = wanted
        slower.backup?.targets["nas"]?.bandwidth = ByteCount(bytes: 1 << 20)
        #expect(await fixture.host.problems(for: slower) == [])

        try fixture.scratch.write("in the way", to: "other")
        var other = wanted
        other.backup?.targets["second"] = directory("other")
        #expect(await messages(fixture, other).contains("/other' is no directory"))
        var elsewhere = wanted
        elsewhere.host = "vsn2"
        #expect(await messages(fixture, elsewhere).contains("/nas' is no directory"))
    }

    @Test("a changed secret of a target is tried too, and no secret is told")
    func secrets() async throws {
        let server = try await RcloneServer(.sftp)
        var options = server.sftp
        options["pass"] = "${secret:nas}"
        let wanted = plan(["nas": remote(options, "backup")])
        let right = Secrets(["nas": RcloneServer.password])
        #expect(await fixture.host.problems(for: wanted, secrets: right) == [])
        let wrong = await fixture.host.problems(for: wanted, secrets: Secrets(["nas": "canary-wrong"]))
        #expect(wrong.count == 1 && wrong[0].message.contains("backup target 'nas'"), "\(wrong)")
        #expect(!"\(wrong)".contains("canary"))
        let none = await fixture.host.problems(for: wanted)
        #expect(none.first?.message.contains("the secret 'nas'") == true, "\(none)")
    }

    @Test("a share that is read-only is refused", .enabled(if: mustRun || SMBServer.unavailable == nil))
    func readOnlyShare() async throws {
        let server = try await SMBServer(readOnly: true)
        let problems = await fixture.host.problems(
            for: plan(["nas": remote(server.options, "\(SMBServer.share)/vsn1")]))
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.hint == "give the target's key or user the right to do this, if it is meant to")
    }

    @Test(
        "S3: a key that cannot write, and a bucket that does not lock as the plan wants, are refused; locks are left",
        .enabled(if: mustRun || S3Server.unavailable == nil))
    func bucket() async throws {
        let locking = try await S3Bucket(lockDays: 2, on: S3Server.shared())
        let options = locking.options(try await locking.key(of: "vsn1"))
        let good = plan(["offsite": remote(options, "\(locking.name)/vsn1", lock: "2d")])
        #expect(await fixture.host.problems(for: good) == [])
        let left = try await locking.versions("vsn1/")
        #expect(left.map(\.key) == ["vsn1/acme/vsn1/.fairlead-probe"])
        #expect(left.allSatisfy { !$0.isDeleteMarker && $0.size < 100 })
        // Tried once.
        #expect(await fixture.host.problems(for: good) == [])
        #expect(try await locking.versions("vsn1/").count == 1)

        let long = plan(["offsite": remote(options, "\(locking.name)/vsn1", lock: "180d")])
        #expect(await messages(fixture, long).contains("'offsite' takes is locked for less than 180d"))
        let open = try await S3Bucket(lockDays: nil, on: S3Server.shared())
        let own = open.options(try await open.key(of: "vsn1"))
        let unlocked = plan(["offsite": remote(own, "\(open.name)/vsn1", lock: "180d")])
        #expect(await messages(fixture, unlocked).contains("'offsite' takes is not locked"))
        let reading = try await S3Bucket(lockDays: nil, on: S3Server.shared())
        let weak = reading.options(try await reading.key(of: "vsn1", without: ["PutObject"]))
        let problems = await fixture.host.problems(for: plan(["offsite": remote(weak, "\(reading.name)/vsn1")]))
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.message.contains("cannot upload") == true, "\(problems)")
        #expect(problems.first?.hint == "give the target's key or user the right to do this, if it is meant to")
    }

    private func messages(_ fixture: HostFixture, _ plan: ResolvedPlan) async -> String {
        await fixture.host.problems(for: plan).map(\.message).joined(separator: "\n")
    }
}
