import Model
import Planning
import Testing

@Suite("What a plan hardly ever should do without")
struct OmissionTests {
    private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    private func omissions(_ more: String, overlay: String = #"{"hostKey": "\#(key)"}"#) throws -> [String] {
        let tree = MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#, more: more, overlay: overlay)
        let resolver = PlanResolver(tree: tree, policy: nil)
        #expect(try resolver.validateAll() == [])
        return try resolver.omissions(of: resolver.hosts()).map(\.description)
    }

    @Test("a backup, mail and the host's key are warned about until the plan says that none is meant")
    func silent() throws {
        #expect(
            try omissions("", overlay: "{}") == [
                "hosts/berlin.json: warning: host 'berlin' has no 'hostKey': any machine that is set up under its name would run the stack; "
                    + "add the line that 'fairlead host-key' prints on it",
                "plan.json:1 /backup: warning: the plan has no 'backup': the data is saved nowhere; add it (docs/backup.md), "
                    + "or write \"backup\": \"none\" where that is meant",
                "plan.json:1 /mail: warning: the plan has no 'mail': nobody hears of failures; add it (docs/mail.md), or "
                    + "write \"mail\": \"none\" where that is meant",
            ])
        #expect(try omissions(#""backup": "none", "mail": "none""#) == [])
        #expect(try omissions(#""backup": "none""#, overlay: #"{"mail": "none", "hostKey": ["\#(Self.key)"]}"#) == [])
    }

    @Test("'none' is no section, and replaces one of the plan")
    func none() throws {
        let mail = #""mail": {"from": "a@acme.de", "to": ["b@acme.de"], "smtp": "smtps://mail.acme.de"}"#
        let tree = MemoryTree(
            containers: #""web": {"image": "localhost/web:1"}"#, more: mail + #", "backup": "none""#,
            overlay: #"{"mail": "none"}"#)
        let plan = try tree.resolved().plan
        #expect(plan.mail == nil && plan.backup == nil)
        let nothing = try MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#).resolved().plan
        #expect(plan == nothing)
        let wrong = MemoryTree(containers: #""web": {"image": "localhost/web:1"}"#, more: #""backup": "nope""#)
        #expect(try wrong.problems().map { $0.contains("/backup") && $0.contains("\"none\"") } == [true])
    }

    @Test("a password that stands in the plan is warned about wherever a secret can stand, its value is not shown")
    func passwords() throws {
        let plan = { (password: String) in
            #"""
            "registries": {"localhost": {"username": "a", "password": "\#(password)"}},
            "mail": {"from": "a@acme.de", "to": ["b@acme.de"], "smtp": "smtps://acme.de", "username": "a", "password": "\#(password)"},
            "backup": {"recipients": ["age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"], "targets": {
                "a": {"mount": {"type": "smb", "source": "//nas/a", "username": "a", "password": "\#(password)"}},
                "b": {"rclone": {"type": "webdav", "url": "https://acme.de", "user": "a", "pass": "\#(password)"}, "path": "a"},
                "c": {"rclone": {"type": "ftp", "host": "acme.de", "user": "anonymous", "pass": "x"}, "path": "a"}}}
            """#
        }
        #expect(try omissions(plan("${secret:a}")) == [])
        let found = try omissions(plan("canary")).joined(separator: "\n")
        for pointer in [
            "/registries/localhost/password", "/mail/password", "/backup/targets/a/mount/password",
            "/backup/targets/b/rclone/pass",
        ] {
            #expect(
                found.contains("\(pointer): warning: '\(pointer.split(separator: "/").last ?? "")' stands in the plan"))
        }
        #expect(found.split(separator: "\n").count == 4 && !found.contains("canary"), "\(found)")
    }

    @Test(
        "what is still an example is warned about",
        arguments: [
            ("smtps://mail.example.com:465", true), ("smtps://mail.acme.example", true), ("smtp://example.org", true),
            ("smtps://mail.example.de", false), ("smtps://mail.myexample.com", false), ("smtps://examples.com", false),
        ])
    func examples(server: String, isExample: Bool) throws {
        let mail = #""mail": {"from": "a@acme.de", "to": ["b@acme.de"], "smtp": "\#(server)"}, "backup": "none""#
        let found = try omissions(mail)
        #expect(
            found
                == (isExample
                    ? [
                        "plan.json:2 /mail/smtp: warning: '\(server)' is an example, which reaches nobody; write your own in its place"
                    ]
                    : []))
    }
}
