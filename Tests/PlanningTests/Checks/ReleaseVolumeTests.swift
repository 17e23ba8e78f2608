import Model
import Planning
import Testing

@Suite("J6: volumes that are files of the vendor's release")
struct ReleaseVolumeTests {
    private static let vendor = """
        "backup": {"recipients": ["age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"],
          "targets": {"nas": {"directory": "/mnt/nas"}}, "vendor": {"directory": "/mnt/vendor", "signers":
          ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"]}}
        """

    private func tree(_ volumes: String, more: String = vendor) -> MemoryTree {
        MemoryTree(web: #""volumes": [\#(volumes)]"#, more: more)
    }

    @Test("are read-only whatever the plan says of it")
    func reading() throws {
        let plan = try tree(#"{"release": "docs/a", "target": "/docs"}, {"release": ".", "target": "/all"}"#)
            .resolved().plan
        #expect(plan.containers["web"]?.releasePaths == ["docs/a", "."])
        #expect(plan.containers["web"]?.volumes.map(\.readOnly) == [true, true])
        #expect(plan.mountsRelease && plan.dataNames == [])
    }

    @Test(
        "are refused with what to write instead",
        arguments: [
            (#"{"release": "../x", "target": "/x"}"#, "0/release: '../x' is not a path inside the vendor's release; "),
            (#"{"release": "/x", "target": "/x"}"#, "0/release: '/x' is not a path inside the vendor's release; "),
            (#"{"release": "x/", "target": "/x"}"#, "0/release: 'x/' is not a path inside the vendor's release; "),
            (#"{"release": "x", "target": "/x", "readOnly": false}"#, "0/readOnly: the vendor's files cannot be "),
            (#"{"release": "x", "target": "/x", "owner": "1:1"}"#, "0/owner: 'owner' means nothing for "),
            (#"{"release": "x", "target": "/x", "backup": {"mode": "none"}}"#, "0/backup: 'backup' means nothing "),
            (
                #"{"release": "x", "data": "x", "target": "/x"}"#,
                "0: 'data' and 'release' exclude each other; keep one of them"
            ),
            (
                #"{"release": "x", "target": "/x"}, {"data": "y", "target": "/x/y"}"#,
                "1/target: warning: '/x/y' lies in '/x', where the vendor's files are mounted read-only; "
            ),
        ])
    func refusals(volumes: String, problem: String) throws {
        let problems = try tree(volumes).problems()
        #expect(problems.contains { $0.contains("/containers/web/volumes/\(problem)") }, "\(problems)")
    }

    @Test("need a vendor")
    func vendorless() throws {
        let problems = try tree(#"{"release": "docs", "target": "/docs"}"#, more: #""drift": "report""#).problems()
        let words = "container 'web' mounts files of a release, and the plan names no vendor; add the vendor's storage"
        #expect(problems.contains { $0.contains("/containers/web/volumes/0/release: \(words)") }, "\(problems)")
    }
}
