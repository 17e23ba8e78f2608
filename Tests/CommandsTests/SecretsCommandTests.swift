import Foundation
import Processes
import TestSupport
import Testing

@Suite("S6: the secrets of a customer repo, with real age and SSH keys")
struct SecretsCommandTests {
    @Test("who is a recipient can open them: by an age key or an SSH key; who was removed cannot any more")
    func recipients() async throws {
        let repo = try await Repo()
        let age = try await repo.ageKey("vsn1")
        let ssh = try await repo.sshKey("operator")
        #expect(try await repo.secrets("add-recipient", age, "--name", "vsn1").status == 0)
        #expect(try await repo.secrets("set", "database", input: "a=\"ä\\\n").status == 0)
        #expect(try await repo.decrypted(with: "vsn1") == ["database": "a=\"ä\\"])
        #expect(try await repo.decrypted(with: "operator") == nil)

        #expect(try await repo.secrets("add-recipient", ssh, identity: "vsn1").status == 0)
        #expect(try await repo.decrypted(with: "operator") == ["database": "a=\"ä\\"])
        #expect(
            try text(repo.path("secrets.recipients")).hasSuffix(
                "\(age) # vsn1\n\(repo.sshLine(ssh)) # operator@laptop\n"))
        let again = try await repo.secrets("add-recipient", ssh, identity: "vsn1")
        #expect(again.status == 0 && again.errorTail.contains("already"))

        // The variable of a script may be empty.
        #expect(try await repo.secrets("remove-recipient", "", identity: "operator").status == 1)
        #expect(try await repo.secrets("remove-recipient", "vsn1", identity: "operator").status == 0)
        #expect(try await repo.decrypted(with: "vsn1") == nil)
        let last = try await repo.secrets("remove-recipient", "operator@laptop", identity: "operator")
        #expect(last.status == 1 && last.errorTail.contains("names nobody"))
        #expect(try await repo.decrypted(with: "operator") != nil)
    }

    @Test("an edit is encrypted again, one that changes nothing writes nothing, a broken one changes nothing")
    func edit() async throws {
        let repo = try await Repo()
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"))
        let edited = try await repo.edit(#"printf '{"database": "one", "mail": "two"}' >"#)
        #expect(edited.status == 0 && edited.text == "  + database\n  + mail\n", "\(edited.errorTail)")
        #expect(try await repo.decrypted(with: "me") == ["database": "one", "mail": "two"])
        let before = try Data(contentsOf: URL(filePath: repo.path("secrets.json.age")))
        for (editor, words) in [
            ("true", "nothing was changed"), ("echo '{' >", "not a JSON object"), ("false", "ended with status 1"),
            ("no-such-editor", "ended with status 127"),
        ] {
            let ended = try await repo.edit(editor)
            #expect(ended.errorTail.contains(words), "\(ended.errorTail)")
            #expect(ended.status == (editor == "true" ? 0 : 1))
            #expect(try Data(contentsOf: URL(filePath: repo.path("secrets.json.age"))) == before)
        }
        // The draft and what an editor leaves beside it, or in its home, are gone.
        #expect(try text(repo.scratch.path + "/home") == text(repo.scratch.path + "/place"))
        let place = try text(repo.scratch.path + "/place").trimmingCharacters(in: .newlines)
        #expect(place.hasPrefix("/dev/shm/fairlead-") && !FileManager.default.fileExists(atPath: place))
    }

    @Test("'rotate' gives new random values to those that are named, and encrypts all anew without a name")
    func rotate() async throws {
        let repo = try await Repo()
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"))
        _ = try await repo.edit(#"printf '{"database": "one", "mail": "two"}' >"#)
        let rotated = try await repo.secrets("rotate", "database", identity: "me")
        #expect(rotated.text == "  ~ database\nencrypted anew to 1 recipient\n")
        let after = try #require(try await repo.decrypted(with: "me"))
        #expect(after["mail"] == "two" && after["database"]?.count == 32)
        #expect(try await repo.secrets("rotate", "databse", identity: "me").errorTail.contains("no secret 'databse'"))
        let before = try Data(contentsOf: URL(filePath: repo.path("secrets.json.age")))
        #expect(try await repo.secrets("rotate", identity: "me").status == 0)
        #expect(try Data(contentsOf: URL(filePath: repo.path("secrets.json.age"))) != before)
        #expect(try await repo.decrypted(with: "me") == after)
    }

    @Test("'rotate' makes what the plan uses and is missing, and warns where a value goes into a container with data")
    func rotateWithData() async throws {
        let repo = try await Repo()
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"))
        let made = try await repo.secrets("rotate", "database", "registry", identity: "me")
        #expect(made.status == 0 && made.text.contains("  + database\n  + registry\n"), "\(made.errorTail)")
        // What is made now was set nowhere yet.
        #expect(!made.errorTail.contains("warning"))
        let again = try await repo.secrets("rotate", "database", "registry", identity: "me")
        #expect(
            again.errorTail.contains("warning: 'database' goes into 'database', which keeps data"), "\(again.errorTail)"
        )
        #expect(!again.errorTail.contains("'registry' goes"))
        try repo.scratch.write("{", to: "repo/plan.json")
        #expect(try await repo.secrets("rotate", "database", identity: "me").status == 0)
    }

    @Test("'get' writes one value, and FAIRLEAD_IDENTITY names the key")
    func get() async throws {
        let repo = try await Repo()
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"))
        #expect(try await repo.secrets("set", "database", input: "two\nlines", identity: "me").status == 0)
        let named = try await fairlead(
            repo.scratch, ["secrets", "get", "database", "--directory", "repo"],
            environment: ["FAIRLEAD_IDENTITY": "\(repo.scratch.path)/me.key"])
        #expect(named.status == 0 && named.text == "two\nlines\n", "\(named.errorTail)")
        let unknown = try await repo.secrets("get", "databse", identity: "me")
        #expect(unknown.status == 1 && unknown.text.isEmpty && unknown.errorTail.contains("no secret 'databse'"))
    }

    @Test(
        "a key with a passphrase is no first recipient, and warned of as a further one", arguments: ["ed25519", "rsa"])
    func passphrase(type: String) async throws {
        let repo = try await Repo()
        let file = "\(repo.scratch.path)/locked.key"
        try TestProgram("ssh-keygen", ["-q", "-t", type, "-N", "secret", "-C", "me@laptop", "-f", file]).run()
        let key = try text("\(file).pub")
        let refused = try await repo.secrets("add-recipient", key, identity: "locked")
        #expect(refused.status == 1 && refused.errorTail.contains("has a passphrase"), "\(refused.errorTail)")
        #expect(!FileManager.default.fileExists(atPath: repo.path("secrets.recipients")))
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"))
        let warned = try await repo.secrets("add-recipient", key, identity: "locked")
        #expect(
            warned.status == 0 && warned.errorTail.contains("warning: '\(file)' has a passphrase"),
            "\(warned.errorTail)")
        let open = try await repo.sshKey("open")
        #expect(try await !repo.secrets("add-recipient", open, identity: "open").errorTail.contains("passphrase"))
    }

    @Test(
        "'list' shows names, what is missing and who can read, never a value; without a key it says what it cannot see")
    func list() async throws {
        let repo = try await Repo()
        _ = try await repo.secrets("add-recipient", try await repo.ageKey("me"), "--name", "me")
        _ = try await repo.edit(#"printf '{"database": "canary", "old": "canary"}' >"#)
        let listed = try await repo.secrets("list", identity: "me")
        #expect(listed.status == 1)
        #expect(
            listed.text.hasPrefix(
                "secrets\n  backup-id   missing\n  backup-key  missing\n  database    used\n  mail        missing\n"
                    + "  old         unused\n  registry    missing\nrecipients\n  me  age1"))
        #expect(!listed.text.contains("canary"))
        let locked = try await repo.secrets("list")
        #expect(locked.status == 0 && locked.text.contains("database    unknown") && locked.text.contains("--identity"))
    }

    @Test("what is no public key is refused, a private one above all, and a damaged list says where")
    func wrongKeys() async throws {
        let repo = try await Repo()
        let secret = try text(repo.path("../me.key")).split(separator: "\n").last.map(String.init) ?? ""
        for key in ["age", secret, "ssh-dss AAAA", "ssh-ed25519", ""] {
            let refused = try await repo.secrets("add-recipient", key)
            #expect(refused.status == 1 && refused.errorTail.contains("no public key"), "\(refused.errorTail)")
            #expect(!refused.errorTail.contains("AGE-SECRET"))
        }
        let damaged = try await repo.secrets("add-recipient", "age1notakey")
        #expect(damaged.status == 1 && damaged.errorTail.contains("cannot encrypt"))
        #expect(!FileManager.default.fileExists(atPath: repo.path("secrets.recipients")))
        try repo.scratch.write("# all\n\nhello\n", to: "repo/secrets.recipients")
        #expect(try await repo.secrets("list").errorTail.contains("secrets.recipients:3: no public key"))
        let elsewhere = try await fairlead(repo.scratch, "secrets", "list")
        #expect(elsewhere.status == 1 && elsewhere.errorTail.contains("--directory"))
    }
}

/// A clone of a customer repo, with keys beside it.
private struct Repo {
    let scratch: Scratch

    init() async throws {
        scratch = try Scratch()
        _ = try await fairlead(scratch, "init", "repo", "--stack", "acme", "--host", "vsn1")
        _ = try await ageKey("me")
    }

    func path(_ name: String) -> String { "\(scratch.path)/repo/\(name)" }

    /// Returns the public half of the identity `NAME.key`.
    func ageKey(_ name: String) async throws -> String {
        let file = "\(scratch.path)/\(name).key"
        if !FileManager.default.fileExists(atPath: file) {
            try TestProgram("age-keygen", ["-o", file]).run()
        }
        return try TestProgram("age-keygen", ["-y", file]).run()
    }

    func sshKey(_ name: String) async throws -> String {
        let file = "\(scratch.path)/\(name).key"
        try TestProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "\(name)@laptop", "-f", file]).run()
        return try text("\(file).pub")
    }

    func sshLine(_ key: String) -> String { key.split(separator: " ").prefix(2).joined(separator: " ") }

    func secrets(_ arguments: String..., input: String = "", identity: String? = nil) async throws -> CommandResult {
        try await fairlead(
            scratch, ["secrets"] + arguments + ["--directory", "repo"] + identityOption(identity), input: input)
    }

    /// `editor` gets the draft's path behind it.
    func edit(_ editor: String) async throws -> CommandResult {
        let noting =
            #"dirname "$1" >"\#(scratch.path)/place"; touch "$1.swp"; echo "$HOME" >"\#(scratch.path)/home"; \#(editor)"#
        return try await fairlead(
            scratch, ["secrets", "edit", "--directory", "repo"] + identityOption("me"), environment: ["EDITOR": noting])
    }

    /// By age itself; `nil` when the identity cannot open them.
    func decrypted(with identity: String) async throws -> [String: String]? {
        let command = Command(
            try #require(Command.find("age")),
            ["-d", "-i", "\(scratch.path)/\(identity).key", path("secrets.json.age")])
        let result = try await command.runToEnd()
        guard result.status == 0 else { return nil }
        return try JSONDecoder().decode([String: String].self, from: Data(result.output))
    }

    private func identityOption(_ name: String?) -> [String] {
        name.map { ["--identity", "\(scratch.path)/\($0).key"] } ?? []
    }
}
