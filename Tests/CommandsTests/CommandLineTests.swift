import ArgumentParser
import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@testable import Commands

@Suite("Command line")
struct CommandLineTests {
    private static let commands = Fairlead.configuration.groupedSubcommands.flatMap(\.subcommands)
        .flatMap { $0.configuration.subcommands.isEmpty ? [$0] : $0.configuration.subcommands }

    @Test("the help of every command has an example that is a correct command line")
    func examples() throws {
        #expect(Self.commands.count > 15)
        for command in Self.commands {
            let help = Fairlead.helpMessage(for: command, columns: 200)
            let examples = help.split(separator: "\n").filter { $0.hasPrefix("Example: fairlead ") }
            #expect(!examples.isEmpty, "\(command)")
            for example in examples {
                let words = Self.words(example.prefix { $0 != ">" }.dropFirst("Example: fairlead ".count))
                #expect(throws: Never.self, "\(example)") { try Fairlead.parseAsRoot(words) }
            }
        }
    }

    /// As a shell splits them; only double quotes are understood.
    private static func words(_ line: Substring) -> [String] {
        line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
        }
    }

    @Test("the documented exit statuses are the ones of the program")
    func statuses() {
        let table = ExitStatus.allCases.map(\.rawValue)
        #expect(table == [0, 1, 2, 3, 4, 5, 64])
    }

    @Test("a wrong command line ends with 64 and says what is wrong on standard error")
    func usage() async throws {
        let host = try CommandFixture()
        let result = await host.run("histry")
        #expect(result.status == .usage)
        #expect(result.chatter.contains("histry"))
        #expect(result.output.isEmpty)
        #expect(await host.run("suspend", "--reason", " ").status == .usage)
        #expect(await host.run("plan", "--directory", "x", "--revision", "y").status == .usage)
    }

    @Test(
        "a word that is no command gets the one that was meant",
        arguments: [
            (["stauts"], "'fairlead status'"), (["backup", "lsit", "--output", "text"], "'fairlead backup list'"),
            (["secrets", "rotat", "x"], "'fairlead secrets rotate'"), (["deploy"], "'fairlead reconcile'"),
            (["stop"], "'fairlead maintenance begin'"),
        ])
    func misspelt(arguments: [String], meant: String) async throws {
        let host = try CommandFixture()
        let result = await host.run(arguments)
        #expect(
            result.status == .usage && result.chatter.hasSuffix("\nhint: did you mean \(meant)?\n"), "\(result.chatter)"
        )
        let json = await host.run(arguments.filter { !["--output", "text"].contains($0) } + ["--output", "json"])
        #expect(json.json["hint"] as? String == "did you mean \(meant)?")
    }

    @Test(
        "what is like no command, and what is one, gets no suggestion",
        arguments: [["frobnicate"], ["status", "x"], []])
    func noSuggestion(arguments: [String]) {
        #expect(MisspeltVerb(in: arguments)?.hint == nil)
    }

    @Test("help and completion scripts go to standard output")
    func help() async throws {
        let host = try CommandFixture()
        #expect(await host.run("--help").output.contains("Keeps this host equal"))
        for shell in ["bash", "zsh", "fish"] {
            let result = await host.run("--generate-completion-script", shell)
            #expect(result.status == .success)
            #expect(result.output.contains("fairlead"))
        }
    }

    @Test("schema prints the plan's schema, or that of the configuration")
    func schema() async throws {
        let host = try CommandFixture()
        #expect(await host.run("schema").json["title"] != nil)
        #expect(await host.run("schema", "configuration").json["title"] as? String == "Configuration of a VSN")
    }

    @Test("all problems of the configuration are told, each on a line, before anything is done")
    func configuration() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_INTERVAL": "soon", "FAIRLEAD_EXCLUSIVE": "maybe"])
        let result = await host.run("suspend", "--reason", "x")
        #expect(result.status == .failure)
        #expect(result.chatter.split(separator: "\n").count == 2)
        #expect(result.chatter.contains("environment variable 'FAIRLEAD_INTERVAL'"))
    }

    @Test("suspend, resume and retry are persisted, and idempotent")
    func operators() async throws {
        let host = try CommandFixture()
        #expect(await host.run("suspend", "--reason", "audit").status == .success)
        #expect(try await host.journal().suspension()?.reason == "audit")
        #expect(await host.run("resume").status == .success)
        #expect(await host.run("resume").chatter == "nothing was suspended\n")
        #expect(try await host.journal().suspension() == nil)
        let commit = try host.commit("1.0.0", "Install")
        try await host.journal().remember(
            FailedPlan(
                key: .plan("x"), commit: commit, disposition: .permanent, message: "it broke", attempts: 1,
                lastAttempt: Timestamp(milliseconds: 0), nextAttempt: nil))
        #expect(await host.run("retry").chatter.contains("it broke"))
        #expect(try await host.journal().failures().isEmpty)
        #expect(await host.run("retry").chatter == "no failure is remembered\n")
    }

    @Test("whoever suspends or resumes keeps the file that cron scripts look at in line with the journal")
    func marker() async throws {
        let host = try CommandFixture()
        let marker = "\(host.scratch.path)/state/jobs/paused"
        #expect(await host.run("suspend", "--reason", "audit\nuntil noon").status == .success)
        #expect(try String(contentsOfFile: marker, encoding: .utf8) == "audituntil noon\n")
        #expect(await host.run("resume").status == .success)
        #expect(!FileManager.default.fileExists(atPath: marker))
        // As a crash between the two leaves it.
        try host.scratch.write("audit\n", to: "state/jobs/paused")
        #expect(await host.run("resume").status == .success)
        #expect(!FileManager.default.fileExists(atPath: marker))
    }

    @Test("in maintenance nothing starts the stack, and what is refused says how to end it")
    func maintenance() async throws {
        let host = try CommandFixture()
        let maintenance = Suspension(reason: "new disk", since: host.clock.clock.now(), kind: .maintenance)
        try await host.journal().suspend(maintenance)
        for command in ["resume", "retry", "reconcile"] {
            let result = await host.run(command)
            #expect(result.status == .held, "\(command)")
            #expect((result.output + result.chatter).contains("'fairlead maintenance end'"), "\(command)")
        }
        #expect(try await host.journal().suspension() == maintenance)
        let status = await host.run("status").output
        #expect(status.hasPrefix("vsn1: containerless, in maintenance\n"))
        #expect(status.contains("new disk; 'fairlead maintenance end' ends it"))
    }

    @Test(
        "a result that cannot be written is a failure; nobody listening is none",
        arguments: [("version >/dev/full", 1), ("version >&-", 0), ("nonsense 2>&-", 64), ("version | true", 0)])
    func unwritable(line: String, status: Int32) async throws {
        let script = "set -o pipefail; \(FairleadBinary.path) \(line)"
        let result = try await Command("/bin/bash", ["-c", script], environment: Command.plainEnvironment).runToEnd()
        #expect(result.status == status)
    }

    @Test("a command that fails without root says so; one that needs no root does not")
    func withoutRoot() async throws {
        let host = try CommandFixture()
        let advice = "this command needs root: run it with sudo\n"
        #expect(await host.run(["status"], isRoot: false).chatter.hasSuffix(advice))
        #expect(await !host.run(["status"]).chatter.contains(advice))
        #expect(await !host.run(["validate", "/nowhere"], isRoot: false).chatter.contains(advice))
    }

    @Test("an empty revision is no revision of all")
    func emptyRevision() async throws {
        #expect(await (try CommandFixture()).run("plan", "--revision", "").status == .usage)
    }

    @Test("the real binary ends with the documented status")
    func binary() async throws {
        let host = try CommandFixture()
        try host.commit("1.0.0", "Install")
        func status(_ arguments: String...) async throws -> Int32 {
            let configuration = ["FAIRLEAD_CONFIG": "\(host.scratch.path)/config.json"]
            let environment = Command.plainEnvironment.merging(configuration) { $1 }
            return try await Command(FairleadBinary.path, arguments, environment: environment).runToEnd().status
        }
        #expect(try await status("version") == 0)
        #expect(try await status("validate", host.repo.path) == 0)
        #expect(try await status("plan") == 2)
        #expect(try await status("history") == 1)
        #expect(try await status("nonsense") == 64)
        try host.repo.write("plan.json", "{")
        #expect(try await status("validate", host.repo.path) == 1)
    }
}
