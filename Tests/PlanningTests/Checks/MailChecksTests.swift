import Model
import Planning
import TestSupport
import Testing

@Suite("Mail in a plan is checked before anything is touched (S11)")
struct MailChecksTests {
    private static let base = #""from": "vsn@acme.example", "to": ["ops@acme.example"]"#

    /// What is written in `mail`, and what is said about it; nothing where it is well.
    static let cases: [(String, String)] = [
        (#"\#(base), "smtp": "smtps://mail.acme.example""#, ""),
        (#"\#(base), "smtp": "smtp://[2001:db8::1]:2587", "username": "vsn", "password": "x""#, ""),
        (#"\#(base), "smtp": "smtp+plain://127.0.0.1""#, ""),
        (
            #"\#(base), "smtp": "smtp+plain://127.0.0.1", "username": "vsn", "password": "x""#,
            "'mail' would send its password unencrypted to the server of 'smtp+plain://'; write 'smtps://HOST:465' or "
                + "'smtp://HOST:587', or remove 'username' and 'password'"
        ),
        (#"\#(base), "smtp": "smtps://mail", "username": "vsn""#, "'mail' has a user name but no 'password'"),
        (#"\#(base), "smtp": "smtps://mail", "password": "x""#, "'mail' has a password but no 'username'"),
        (#"\#(base), "smtp": "smtps://mail:0""#, "'smtp' is not the URL of a mail server"),
        (#"\#(base), "smtp": "smtps://mail:65536""#, "'smtp' is not the URL of a mail server"),
        (#"\#(base), "smtp": "smtps://vsn:x@mail""#, "'smtp' is not the URL of a mail server"),
        (#"\#(base), "smtp": "smtps://-mail""#, "'smtp' is not the URL of a mail server"),
        (#"\#(base), "smtp": "smtps://mail\nauth off""#, "'smtp' is not the URL of a mail server"),
        (#""from": "-X@a.example", "to": ["a@b"], "smtp": "smtps://mail""#, "'-X@a.example' is not a mail address"),
        (#""from": "%U@a.example", "to": ["a@b"], "smtp": "smtps://mail""#, "'%U@a.example' is not a mail address"),
        (#""from": "a@b", "to": ["a@b c@d"], "smtp": "smtps://mail""#, "'a@b c@d' is not a mail address"),
        (#""from": "a@b\n.c", "to": ["a@b"], "smtp": "smtps://mail""#, "is not a mail address"),
        (#""from": "a@b", "to": ["ü@b"], "smtp": "smtps://mail""#, "'ü@b' is not a mail address"),
    ]

    @Test("server, login and addresses", arguments: cases)
    func plan(mail: String, said: String) throws {
        let scratch = try Scratch()
        try scratch.write(
            """
            {"schemaVersion": 1, "stack": "acme", "version": "1", "mail": {\(mail)},
             "containers": {"web": {"image": "r.example/web:1"}}}
            """, to: "plan.json")
        try scratch.write("{}", to: "hosts/vsn1.json")
        var problems: [String] = []
        do {
            _ = try PlanResolver(tree: DirectoryTree(root: scratch.path), policy: nil).resolve(host: "vsn1")
        } catch let error as PlanProblems {
            problems = error.problems.map { "\($0.message); \($0.hint)" }
        }
        #expect(said.isEmpty ? problems.isEmpty : problems.contains { $0.contains(said) }, "\(problems)")
    }

    @Test(
        "a secret that no mail program can use is told by its name, without its value",
        arguments: [
            ("canary\n", "contains a line break or another control character"),
            ("can\u{0}ary", "contains a line break or another control character"), ("", "is empty"),
            (String(repeating: "canary", count: 50), "is longer than 255 bytes"),
        ])
    func secrets(value: String, said: String) {
        let mail = MailPlan(
            from: "a@b", to: ["a@b"], smtp: "smtps://mail", username: SecretText(source: "vsn"),
            password: SecretText(source: "${secret:relay}"))
        let problems = mail.credentialProblems(with: Secrets(["relay": value]))
        #expect(problems.map(\.message) == ["the mail server's password \(said)"])
        #expect(problems.first?.hint.contains("the secret 'relay'") == true)
        #expect(!"\(problems)".contains("canary"))
        #expect(mail.credentialProblems(with: Secrets(["relay": " \"x\" # ü"])).isEmpty)
    }

    @Test("a port is known where none is written")
    func ports() {
        #expect(["smtps://a", "smtp://a/", "smtp+plain://a"].map { MailServer($0)?.port } == [465, 587, 25])
        #expect(MailServer("smtp://[::1]:26").map { [$0.host, "\($0.port)"] } == ["::1", "26"])
    }
}
