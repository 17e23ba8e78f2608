import Foundation
import Model
import Planning
import Processes
import TestSupport
import Testing

@testable import Commands

@Suite("J3: a customer repo from the start")
struct CustomerRepoTests {
    @Test("'init' writes every file of the template, with the customer's names, and what it writes is valid")
    func initialise() async throws {
        let scratch = try Scratch()
        let made = try await fairlead(
            scratch, "init", "repo", "--stack", "blue", "--host", "vsn7", "--registry", "registry.acme.example:5000")
        #expect(made.status == 0, "\(made.errorTail)")
        let valid = try await fairlead(scratch, "validate", "repo")
        #expect(valid.status == 0 && valid.text.contains("the plan is valid for vsn7, "), "\(valid.text)")
        // It shows both sections, and says that they are examples.
        for words in [
            "/mail/smtp: warning: 'smtps://mail.example.com:465' is an example",
            "/endpoint: warning: 'https://s3.example.com' is an example", "/backup/recipients/0: warning: ",
        ] {
            #expect(valid.text.contains(words), "\(valid.text)")
        }
        #expect(!valid.text.contains("has no 'backup'") && !valid.text.contains("has no 'mail'"), "\(valid.text)")
        let tree = DirectoryTree(root: "\(scratch.path)/repo")
        let plan = try PlanResolver(tree: tree, policy: nil).resolve(host: "vsn7").plan
        #expect(plan.stack == "blue")
        guard case .reference(let image) = plan.image(of: "web") else { throw POSIXError(.EINVAL) }
        #expect("\(image)" == "registry.acme.example:5000/blue/web:1.0.0")
        #expect(try text("\(scratch.path)/repo/CODEOWNERS").contains("@blue/operators"))
        let template = Self.files(below: Self.template).map { $0 == "hosts/example.json" ? "hosts/vsn7.json" : $0 }
        #expect(Self.files(below: "\(scratch.path)/repo") == template.sorted())
    }

    @Test("what 'init' writes has nothing to warn about once the examples are replaced and the hosts are pinned")
    func withoutExamples() async throws {
        let scratch = try Scratch()
        _ = try await fairlead(scratch, "init", "repo", "--stack", "blue", "--host", "vsn7")
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        let plan = try text("\(scratch.path)/repo/plan.json")
            .replacing("@blue.example.com", with: "@blue.de").replacing("mail.example.com", with: "mail.blue.de")
            .replacing("s3.example.com", with: "s3.blue.de").replacing(/age1[a-z0-9]+/, with: key)
        try scratch.write(plan, to: "repo/plan.json")
        try scratch.write(#"{"hostKey": "\#(key)"}"#, to: "repo/hosts/vsn7.json")
        let valid = try await fairlead(scratch, "validate", "repo")
        #expect(valid.text == "the plan is valid for vsn7\n")
        #expect(valid.errorTail.contains("note: onFailure is \"containerless\""), "\(valid.errorTail)")
        let previous = try text("\(scratch.path)/repo/plan.json").replacing(
            #": "containerless""#, with: #": "previous""#)
        try scratch.write(previous, to: "repo/plan.json")
        #expect(try await !fairlead(scratch, "validate", "repo").errorTail.contains("onFailure"))
    }

    @Test("'init' writes what shall run after a failure as it was chosen, says what that means, and makes a clone")
    func choices() async throws {
        let scratch = try Scratch()
        for (arguments, chosen, meaning) in [
            ([], "containerless", "nothing runs until a correction or a revert is pushed"),
            (["--on-failure", "previous"], "previous", "the version of before runs again"),
        ] as [([String], String, String)] {
            let made = try await fairlead(
                scratch, ["init", chosen, "--stack", "blue", "--host", "vsn7"] + arguments)
            #expect(made.errorTail.contains("onFailure is \"\(chosen)\""), "\(made.errorTail)")
            #expect(made.errorTail.contains(meaning), "\(made.errorTail)")
            #expect(try text("\(scratch.path)/\(chosen)/plan.json").contains(#""onFailure": "\#(chosen)""#))
            #expect(try text("\(scratch.path)/\(chosen)/hosts/vsn7.json") == "{}\n")
            #expect(try text("\(scratch.path)/\(chosen)/.git/HEAD") == "ref: refs/heads/main\n")
        }
        // A directory of a clone becomes none of its own.
        _ = try await fairlead(scratch, "init", "previous/more", "--stack", "blue", "--host", "vsn7")
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/previous/more/.git"))
        let wrong = try await fairlead(scratch, "init", "x", "--stack", "blue", "--host", "v", "--on-failure", "no")
        #expect(wrong.status == 64)
    }

    @Test("'diff' refuses a renaming without a word, and says what it means with one")
    func renaming() async throws {
        let scratch = try Scratch()
        for name in ["old", "new"] {
            _ = try await fairlead(scratch, "init", name, "--stack", "blue", "--host", "vsn7")
        }
        let plan = try text("\(scratch.path)/new/plan.json")
        try scratch.write(plan.replacing(#""data": "database""#, with: #""data": "db""#), to: "new/plan.json")
        let refused = try await fairlead(scratch, "diff", "old", "new", "--host", "vsn7")
        #expect(refused.status == 1 && refused.text.contains("vsn7: refused"), "\(refused.text)")
        #expect(refused.text.contains("'database' stays behind on the host, 'db' starts empty"), "\(refused.text)")
        try scratch.write(
            plan.replacing(#""data": "database""#, with: #""data": "db", "formerly": "database""#), to: "new/plan.json")
        let told = try await fairlead(scratch, "diff", "old", "new", "--host", "vsn7")
        #expect(told.status == 2, "\(told.text)")
        #expect(told.text.contains("data directory 'db': is renamed from 'database'"), "\(told.text)")
    }

    @Test("the template that the program carries is the one in the tree, byte for byte")
    func embedded() throws {
        for file in CustomerRepoTemplate(stack: "acme", host: "example", registry: "registry.example.com").files {
            #expect(try text("\(Self.template)/\(file.path)") == file.content, "\(file.path)")
        }
    }

    @Test("'init' overwrites nothing, and refuses names that a plan would refuse")
    func refusals() async throws {
        let scratch = try Scratch()
        try scratch.write("mine", to: "repo/plan.json")
        let there = try await fairlead(scratch, "init", "repo", "--stack", "blue", "--host", "vsn7")
        #expect(there.status == 1 && there.errorTail.contains("'plan.json' already; nothing was written"))
        #expect(Self.files(below: "\(scratch.path)/repo") == ["plan.json"])
        for wrong in [
            ["Blue", "a", "r"], ["blue-", "a", "r"], ["blue", "../a", "r"],
            ["blue", "a", "http://r/x"],
        ] {
            let refused = try await fairlead(
                scratch, ["init", "new", "--stack", wrong[0], "--host", wrong[1], "--registry", wrong[2]])
            #expect(refused.status == 64, "\(wrong)")
        }
        #expect(Self.files(below: scratch.path) == ["repo/plan.json"])
    }

    @Test("'init' writes nothing at all when what it would write, with what is there, is no valid customer repo")
    func validatesFirst() async throws {
        let scratch = try Scratch()
        try scratch.write(#"{"size": "huge"}"#, to: "there/hosts/vsn8.json")
        for (directory, registry, words) in [
            ("new", "registry.example.com:1234567", "registry.example.com:1234567"),
            ("there", "registry.example.com", "hosts/vsn8.json"),
        ] {
            let refused = try await fairlead(
                scratch, "init", directory, "--stack", "blue", "--host", "vsn7", "--registry", registry)
            #expect(refused.status == 1, "\(refused.errorTail)")
            #expect(refused.errorTail.contains("nothing was written: "), "\(refused.errorTail)")
            #expect(refused.errorTail.contains(words), "\(refused.errorTail)")
        }
        #expect(Self.files(below: scratch.path) == ["there/hosts/vsn8.json"])
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/new"))
    }

    @Test("'diff' tells for each host what a change of the repo would change, without a host")
    func difference() async throws {
        let scratch = try Scratch()
        for name in ["old", "new"] {
            _ = try await fairlead(scratch, "init", name, "--stack", "blue", "--host", "vsn7")
        }
        let same = try await fairlead(scratch, "diff", "old", "new")
        #expect(same.status == 0 && same.text == "vsn7: nothing to deploy\n")
        try scratch.write(#"{"size": "small", "version": "1.0.1"}"#, to: "new/hosts/vsn7.json")
        try scratch.write("{}", to: "new/hosts/vsn8.json")
        try scratch.write("{}", to: "old/hosts/vsn6.json")
        try scratch.write("sealed", to: "new/secrets.json.age")
        let changed = try await fairlead(scratch, "diff", "old", "new")
        #expect(changed.status == 2)
        for words in [
            "vsn7: redeploy blue 1.0.1, ", "  ~ stack: version 1.0.0 -> 1.0.1\n",
            "  ~ database: memory 1 GiB -> 256 MiB\n", "vsn8: install blue 1.0.0\n", "vsn6: removed;",
            "secrets.json.age differs",
        ] {
            #expect(changed.text.contains(words), "\(words)\n\(changed.text)")
        }
        try scratch.write(#"{"containers": {"web": {"prots": []}}}"#, to: "new/hosts/vsn7.json")
        let broken = try await fairlead(scratch, "diff", "old", "new", "--host", "vsn7")
        #expect(broken.status == 1 && broken.text.contains("did you mean 'ports'?"), "\(broken.text)")
    }

    @Test(
        "'diff' takes a commit of the clone for either side, also in a directory of a larger repo, and leaves nothing behind"
    )
    func commits() async throws {
        let repo = try GitFixture()
        let scratch = try Scratch()
        let clone = "\(repo.path)/customers/blue"
        _ = try await fairlead(scratch, "init", clone, "--stack", "blue", "--host", "vsn7")
        try repo.commit("Begin")
        let plan = try text("\(clone)/plan.json").replacing(#""version": "1.0.0""#, with: #""version": "1.1.0""#)
        try repo.write("customers/blue/plan.json", plan)
        let uncommitted = try await fairlead(scratch, "diff", "HEAD", clone, "--host", "vsn7")
        #expect(uncommitted.status == 2 && uncommitted.text.contains("1.0.0 -> 1.1.0"), "\(uncommitted.errorTail)")
        try repo.commit("Upgrade")
        for (old, new) in [("HEAD~1", clone), (clone, "HEAD~1")] {
            let told = try await fairlead(scratch, "diff", old, new, "--host", "vsn7")
            let words = new == clone ? "version 1.0.0 -> 1.1.0" : "version 1.1.0 -> 1.0.0"
            #expect(told.status == 2 && told.text.contains(words), "\(told.text)\(told.errorTail)")
        }
        let unknown = try await fairlead(scratch, "diff", "HEAD~9", clone)
        #expect(unknown.status == 1 && unknown.errorTail.contains("'HEAD~9' is neither a directory nor a commit"))
        #expect(try repo.git("worktree", "list").split(separator: "\n").count == 1)
    }

    @Test("'diff' of a move says which host gives its stack to which")
    func move() async throws {
        let scratch = try Scratch()
        for name in ["old", "new"] {
            _ = try await fairlead(scratch, "init", name, "--stack", "blue", "--host", "vsn7")
        }
        try scratch.write(#"{"replaces": "vsn7"}"#, to: "new/hosts/vsn8.json")
        let told = try await fairlead(scratch, "diff", "old", "new")
        #expect(told.status == 2, "\(told.text)")
        #expect(told.text.contains("vsn7: gives its stack to host 'vsn8'"), "\(told.text)")
        #expect(told.text.contains("vsn8: takes over the stack of host 'vsn7': installs blue 1.0.0"), "\(told.text)")
        // It is over.
        let later = try await fairlead(scratch, "diff", "new", "new")
        #expect(later.status == 0 && !later.text.contains("gives"), "\(later.text)")
    }

    @Test("another recipient alone deploys nothing again, and 'diff' says so")
    func recipients() async throws {
        let scratch = try Scratch()
        for name in ["old", "new"] {
            _ = try await fairlead(scratch, "init", name, "--stack", "blue", "--host", "vsn7")
            try scratch.write("sealed for \(name)", to: "\(name)/secrets.json.age")
        }
        try scratch.write("age1x", to: "new/secrets.recipients")
        let told = try await fairlead(scratch, "diff", "old", "new")
        #expect(told.text.contains("others can open secrets.json.age: for that alone no container is deployed again"))
    }

    private static let template = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "customer-repo-template").path

    private static func files(below directory: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        var isDirectory: ObjCBool = false
        return all.filter { !$0.hasPrefix(".git/") && !$0.contains("/.git/") }.filter {
            FileManager.default.fileExists(atPath: "\(directory)/\($0)", isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }.sorted()
    }
}

func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// Runs the binary in the directory of `scratch`.
func fairlead(
    _ scratch: Scratch, _ arguments: String..., input: String = "", environment: [String: String] = [:]
) async throws -> CommandResult {
    try await fairlead(scratch, arguments, input: input, environment: environment)
}

func fairlead(
    _ scratch: Scratch, _ arguments: [String], input: String = "", environment: [String: String] = [:]
) async throws -> CommandResult {
    try await Command(
        FairleadBinary.path, arguments,
        environment: Command.plainEnvironment.merging(["HOME": scratch.path]) { $1 }.merging(environment) { $1 },
        workingDirectory: scratch.path, input: Array(input.utf8)
    ).runToEnd()
}
