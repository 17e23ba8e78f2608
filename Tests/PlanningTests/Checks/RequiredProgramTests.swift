import Model
import Planning
import Testing

/// S8: what a plan needs of its host is known before it is deployed.
@Suite("The programs that a plan needs")
struct RequiredProgramTests {
    private func programs(_ more: String, web: String = #""stopTimeout": "5s""#) throws -> [String] {
        try MemoryTree(web: web, more: more).resolved().plan.requiredPrograms.map(\.name)
    }

    private static let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
    private static let mail =
        #""mail": {"from": "a@acme.example", "to": ["b@acme.example"], "smtp": "smtps://mail.acme.example"}"#
    private static let healthcheck = #""maintenance": {"healthcheck": {"schedule": "*/5 * * * *"}}"#

    private static func backup(_ target: String = #""directory": "/m""#) -> String {
        #""backup": {"recipients": ["\#(key)"], "targets": {"a": {\#(target)}}}"#
    }

    @Test("are not all needed to copy: what only brings a copy to its target keeps none from being made")
    func copying() throws {
        let plan = try MemoryTree(web: #""stopTimeout": "5s""#, more: Self.backup()).resolved().plan
        #expect(Set(plan.requiredPrograms).subtracting(plan.copyPrograms).map(\.name) == ["rclone"])
        #expect(plan.copyPrograms.map(\.name).contains("zstd"))
        let none = try MemoryTree(web: #""stopTimeout": "5s""#, more: Self.mail).resolved().plan
        #expect(none.copyPrograms == [])
    }

    @Test("are none where there is nothing beside its containers")
    func none() throws { #expect(try programs(#""drift": "repair""#) == []) }

    @Test("are those of mail, of cron jobs, and of the checks that they make")
    func jobs() throws {
        let cron = ["bash", "flock", "timeout", "crontab"]
        #expect(try programs(Self.mail) == ["msmtp"] + cron)
        #expect(try programs(Self.healthcheck) == cron)
        let health = #""health": {"http": {"port": 80}}"#
        #expect(try programs(Self.healthcheck, web: health) == ["bash", "flock", "timeout", "curl", "crontab"])
    }

    @Test("are those of backups, of locks that are read back, and of the engine 'restic'; each once")
    func backups() throws {
        let always: Set = [
            "rclone", "tar", "zstd", "age", "age-keygen", "split", "ssh-keygen", "bash", "find", "xargs", "sha256sum",
        ]
        #expect(Set(try programs(Self.backup())) == always)
        let locked = #""rclone": {"type": "s3", "access_key_id": "a", "secret_access_key": "b"}, "lock": "1d""#
        #expect(Set(try programs(Self.backup(locked))) == always.union(["curl"]))
        let big = #""volumes": [{"data": "db", "target": "/data", "backup": {"engine": "restic"}}]"#
        #expect(Set(try programs(Self.backup(), web: big)) == always.union(["restic"]))
        let share = #""mount": {"type": "nfs", "source": "nas:/export"}"#
        #expect(Set(try programs(Self.backup(share))) == always.union(["mount.nfs"]))
        let all = try programs("\(Self.mail), \(Self.healthcheck), \(Self.backup())")
        #expect(all.count == Set(all).count)
    }
}
