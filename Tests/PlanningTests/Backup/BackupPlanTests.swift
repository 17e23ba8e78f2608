import Model
import Planning
import Testing

@Suite("The backup section of a plan")
struct BackupPlanTests {
    private static let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
    private static let sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    private func tree(
        _ backup: String, volume: String = #"{"data": "db", "target": "/data"}"#
    ) -> MemoryTree {
        MemoryTree(web: #""volumes": [\#(volume)]"#, more: #""backup": \#(backup)"#)
    }

    @Test("is read with its targets; secrets in options of a remote count as used (J4)")
    func reading() throws {
        let resolution = try tree(
            """
            {"recipients": ["\(Self.key)"], "signers": ["\(Self.sshKey) vsn1"], "restore": "20261121T020000Z",
             "targets": {"offsite": {"rclone": {"type": "s3", "access_key_id": "a", "secret_access_key": "${secret:s3}"}, "path": "b/acme",
               "lock": "180d", "bandwidth": "10MiB"}, "share": {"directory": "/mnt/backup"}}}
            """,
            volume: #"{"data": "db", "target": "/data", "backup": {"mode": "hook", "dump": ["d"], "load": ["l"]}}"#
        ).resolved()
        let backup = try #require(resolution.plan.backup)
        #expect(backup.schedule == "0 2 * * *")
        #expect(backup.restore == .run("20261121T020000Z"))
        #expect(backup.targets["share"]?.store == .directory("/mnt/backup", local: false))
        #expect(backup.targets["offsite"]?.lock == PlanDuration("180d"))
        #expect(resolution.secretReferences == ["s3"])
        #expect(resolution.plan.containers["web"]?.volumes[0].backup?.mode == .hook)
    }

    @Test(
        "is refused with its place and what to write instead",
        arguments: [
            (#"{"recipients": ["me"], "targets": {"a": {"directory": "/m"}}}"#, "/backup/recipients/0"),
            (#"{"recipients": ["KEY"], "targets": {"a": {"directory": "m/b"}}}"#, "/backup/targets/a/directory"),
            (
                #"{"recipients": ["KEY"], "targets": {"a": {"rclone": {"region": "x"}, "path": "p"}}}"#,
                "/backup/targets/a/rclone"
            ),
            (
                #"{"recipients": ["KEY"], "targets": {"a": {"rclone": {"type": "s3"}, "path": "../p"}}}"#,
                "/backup/targets/a/path"
            ),
            (
                #"{"recipients": ["KEY"], "targets": {"a": {"directory": "/m"}}, "schedule": "at two"}"#,
                "/backup/schedule"
            ),
            (
                #"{"recipients": ["KEY"], "targets": {"a": {"directory": "/m"}}, "drill": "on Sundays"}"#,
                "/backup/drill"
            ),
            (#"{"recipients": ["KEY"], "targets": {}}"#, "/backup/targets"),
            (#"{"recipients": [], "targets": {"a": {"directory": "/m"}}}"#, "/backup/recipients"),
            (
                #"{"recipients": ["KEY"], "targets": {"a": {"directory": "/m"}}, "restore": "yesterday"}"#,
                "/backup/restore"
            ),
        ])
    func refusals(backup: String, pointer: String) throws {
        let written = backup.split(separator: "KEY").joined(separator: Self.key)
        let problems = try tree(written).problems()
        #expect(problems.contains { $0.contains(" \(pointer): ") && $0.contains("; ") }, "\(problems)")
    }

    @Test(
        "says what an empty data directory is filled with",
        arguments: [("newest", RestorePolicy.newest), ("required", .required), ("never", .never)])
    func restorePolicy(text: String, policy: RestorePolicy) throws {
        let written = #"{"recipients": ["\#(Self.key)"], "targets": {"a": {"directory": "/m"}}, "restore": "\#(text)"}"#
        #expect(try tree(written).resolved().plan.backup?.restore == policy)
    }

    @Test(
        "of a volume does not let its commands or patterns reach outside",
        arguments: [
            #"{"mode": "hook", "dump": ["d"]}"#, #"{"mode": "pause", "dump": ["d"], "load": ["l"]}"#,
            #"{"exclude": ["../other"]}"#, #"{"exclude": ["--checkpoint-action=exec=sh"]}"#, #"{"include": ["/etc"]}"#,
            #"{"engine": "restic", "mode": "hook", "dump": ["d"], "load": ["l"]}"#,
            #"{"engine": "restic", "include": ["site"]}"#, #"{"engine": "restic", "exclude": ["*.log"]}"#,
            #"{"engine": "borg"}"#,
        ])
    func volumes(backup: String) throws {
        let whole = #"{"recipients": ["\#(Self.key)"], "targets": {"a": {"directory": "/m"}}}"#
        let volume = #"{"data": "db", "target": "/data", "backup": \#(backup)}"#
        #expect(try !tree(whole, volume: volume).problems().isEmpty)
    }

    @Test("of a big volume can be one that sends only what changed, for a month or a quarter of the shortest lock")
    func restic() throws {
        let whole = #"{"recipients": ["\#(Self.key)"], "targets": {"a": {"directory": "/m"}}}"#
        let backup = #"{"engine": "restic", "exclude": ["cache/*", "tmp"]}"#
        let volume = #"{"data": "db", "target": "/data", "backup": \#(backup)}"#
        #expect(try tree(whole, volume: volume).problems() == [])
        var plan = try #require(FullState.state.plan.backup)
        func longest(_ locks: String?...) -> Duration {
            plan.targets = [:]
            for (index, lock) in locks.enumerated() {
                plan.targets["\(index)"] = BackupTarget(
                    store: .directory("/m", local: true), lock: lock.flatMap(PlanDuration.init))
            }
            return plan.longestLine
        }
        #expect(longest(nil) == .seconds(30 * 86_400))
        #expect(longest("180d", nil) == .seconds(30 * 86_400))
        #expect(longest("40d", "180d") == .seconds(10 * 86_400))
    }

    @Test("changes without replacing a container (G3)")
    func hostSide() throws {
        var new = FullState.state
        new.plan.backup?.schedule = "0 3 * * *"
        new.plan.backup?.drill = nil
        new.plan.containers["web"]?.volumes[0].backup?.mode = .live
        #expect(PlanComparison.replacedContainers(from: FullState.state, to: new) == [])
        let words = PlanComparison.changes(from: FullState.state, to: new).map(\.description)
        #expect(
            words == [
                "stack: backup schedule 0 2 * * * -> 0 3 * * *", "stack: backup drill 0 5 * * 0 -> never",
                "web: volume '/data' backup changed",
            ])
    }
}
