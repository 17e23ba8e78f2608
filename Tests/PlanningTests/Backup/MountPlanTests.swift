import Model
import Planning
import Testing

@Suite("J5: a share that Fairlead mounts for a backup target")
struct MountPlanTests {
    private static let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
    private static let smb = #""type": "smb", "source": "//nas/backup", "username": "u", "password": "${secret:nas}""#

    private func tree(_ mount: String, more: String = "") -> MemoryTree {
        let targets = #"{"nas": {"mount": {\#(mount)}\#(more)}}"#
        return MemoryTree(
            web: #""volumes": [{"data": "db", "target": "/data"}]"#,
            more: #""backup": {"recipients": ["\#(Self.key)"], "targets": \#(targets)}"#)
    }

    @Test("has a place of its own for each source and user, and its directory lies there; its secret counts as used")
    func reading() throws {
        let resolution = try tree(Self.smb, more: #", "path": "acme""#).resolved()
        let target = try #require(resolution.plan.backup?.targets["nas"])
        let mount = try #require(target.mount)
        #expect(mount.place(of: "nas").wholeMatch(of: /\/mnt\/fairlead\/nas-[0-9a-f]{8}/) != nil)
        #expect(target.store == .directory("\(mount.place(of: "nas"))/acme", local: false))
        #expect(resolution.secretReferences == ["nas"])
        for change in [
            #""type": "smb", "source": "//nas/other", "username": "u", "password": "${secret:nas}""#,
            #""type": "smb", "source": "//nas/backup", "username": "v", "password": "${secret:nas}""#,
            #""type": "nfs", "source": "nas:/backup""#,
        ] {
            let other = try tree(change).resolved().plan.backup?.targets["nas"]?.mount
            #expect(other?.place(of: "nas") != mount.place(of: "nas"), "\(change)")
        }
    }

    @Test(
        "is refused with its place and what to write instead",
        arguments: [
            (#""type": "nfs", "source": "//nas/backup""#, "source: '//nas/backup' is not a share of type 'nfs'; "),
            (#""type": "nfs", "source": "nas:/a/../b""#, "source: 'nas:/a/../b' is not a share of type 'nfs'; "),
            (#""type": "nfs", "source": "-o:/a b""#, "source: '-o:/a b' is not a share of type 'nfs'; "),
            (
                #""type": "nfs", "source": "n:/a", "password": "p""#,
                "password: a mount of type 'nfs' has no 'password'; "
            ),
            (
                #""type": "smb", "source": "//nas/b", "username": "u""#,
                "mount: a mount of type 'smb' needs 'username' and "
            ),
            (
                #""type": "nfs", "source": "nas:/b", "options": ["suid"]"#,
                "options/0: 'suid' is not an option that a plan may give a mount of type 'nfs'; "
            ),
            (
                #""type": "nfs", "source": "nas:/b", "options": ["soft,dev"]"#,
                "options/0: 'soft,dev' is not an option that a plan may give a mount of type 'nfs'; "
            ),
            (
                #""type": "nfs", "source": "nas:/b", "options": ["vers=4,suid"]"#,
                "options/0: 'vers=4,suid' is not one option; "
            ),
        ])
    func refusals(mount: String, problem: String) throws {
        let problems = try tree(mount).problems()
        #expect(problems.contains { $0.contains("/backup/targets/nas/") && $0.contains(problem) }, "\(problems)")
    }

    @Test("is refused where the VSN's policy lists others (T1)")
    func policy() throws {
        let tree = tree(#""type": "nfs", "source": "nas:/export/acme""#)
        for allowed in [nil, ["nas"], ["nas/export"], ["other", "nas/export/acme"]] {
            let problems = try tree.problems(policy: VSNPolicy(allowedMounts: allowed))
            #expect(!problems.contains { $0.contains("/mount/source: ") }, "\(problems)")
        }
        for allowed in [[], ["other"], ["nas/export/ac"], ["nas.example.com"]] {
            let problems = try tree.problems(policy: VSNPolicy(allowedMounts: allowed))
            let place = "/backup/targets/nas/mount/source: the mount of 'nas:/export/acme' is not allowed on this VSN"
            #expect(problems.contains { $0.contains(place) }, "\(problems)")
        }
    }
}
