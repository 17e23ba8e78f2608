import ArgumentParser
import Files
import Foundation
import Journal
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("fairlead setup", .timeLimit(.minutes(5)))
struct SetupTests {
    private let fixture: SetupFixture
    private static let unpinned = HostCheck.warn("host key", "any machine would", "add to 'hosts/vsn1.json'")
    private static let missing = HostCheck.fail("plan", "there is no 'hosts/vsn1.json'", "add it")

    init() throws { fixture = try SetupFixture() }

    private var etc: String { fixture.places.directory }
    private var told: [String] { fixture.capture.result.split(separator: "\n").map(String.init) }

    /// Whether the lines that begin so came in this order.
    private func expectOrder(_ beginnings: String...) {
        var rest = told[...]
        for beginning in beginnings {
            let index = rest.firstIndex { $0.hasPrefix(beginning) }
            #expect(index != nil, "no '\(beginning)' in \(rest)")
            rest = rest[(index ?? rest.endIndex - 1)...].dropFirst()
        }
    }

    @Test("makes the keys, tries the configuration, puts it in place and starts Fairlead, in this order")
    func whole() async throws {
        try fixture.commit()
        let began = try await fixture.run(fixture.here).run()
        #expect(began == fixture.capture.clock.now())
        expectOrder(
            "- make a key for secrets: \(etc)/age.txt", "- tested: repository", "- the plan has no 'mail'",
            "    install acme 1.0.0", "- write \(etc)/config.json", "- start Fairlead, now and at each boot")
        let wanted = try fixture.wanted(fixture.here)
        #expect(fixture.text("\(etc)/config.json") == wanted?.text)
        #expect(!fixture.exists(fixture.places.trial) && !fixture.exists("\(etc)/ssh_key"))
        #expect(
            fixture.systemctl == [
                "start podman.socket", "daemon-reload", "--quiet enable fairlead", "--quiet is-active fairlead",
                "start fairlead",
            ])
        for name in ["config.json", "age.txt"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(etc)/\(name)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test("run again it changes no key and no configuration, and restarts the daemon that runs")
    func again() async throws {
        try fixture.commit()
        _ = try await fixture.run(fixture.here).run()
        let (key, configuration) = (fixture.text("\(etc)/age.txt"), fixture.text("\(etc)/config.json"))
        try fixture.touch("active")
        for arguments in [fixture.here, []] { _ = try await fixture.run(arguments).run() }
        #expect(fixture.text("\(etc)/age.txt") == key && fixture.text("\(etc)/config.json") == configuration)
        #expect(fixture.systemctl.suffix(1) == ["restart fairlead"])
        #expect(told.count { $0.hasPrefix("- make") } == 1 && told.count { $0.hasPrefix("- write") } == 1)
        // An entry that lost its key holds back no host that is set up.
        _ = try await fixture.run(fixture.here, reports: [[Self.unpinned]]).run()
    }

    @Test("what is missing elsewhere is told once, with the public halves of the keys, and waited for")
    func waits() async throws {
        try fixture.commit()
        _ = try await fixture.run(fixture.here, reports: [[Self.missing], [Self.missing], [Self.unpinned], []]).run()
        expectOrder(
            "Key for secrets:", "    fairlead secrets add-recipient age1", "Entry of this host: hosts/vsn1.json",
            #"    { "hostKey": "ssh-ed25519 AAAAmachine" }"#, "Not yet:",
            "    fail  plan  there is no 'hosts/vsn1.json'",
            "             -> add it", "Not yet:", "    warn  host key", "- tested: repository")
        #expect(told.count { $0 == "Not yet:" } == 2 && told.count { $0.hasPrefix("Key for secrets") } == 1)
        #expect(!fixture.capture.result.contains("Deploy key"), "no ssh, no deploy key")
    }

    @Test("when the time is over it ends with what is still missing, and nothing is put in place or started")
    func givesUp() async throws {
        try fixture.commit()
        let run = try fixture.run(fixture.here + ["--wait", "0s"], reports: [[Self.missing]])
        await #expect(throws: SetupPause()) { try await run.run() }
        #expect(!fixture.exists("\(etc)/config.json") && !fixture.exists(fixture.places.trial))
        #expect(fixture.exists("\(etc)/age.txt") && fixture.systemctl == ["start podman.socket"])
    }

    @Test("a new host waits until its entry has the key of this machine, unless --no-pin, or it has none")
    func pin() async throws {
        try fixture.commit()
        let arguments = fixture.here + ["--wait", "0s"]
        let run = try fixture.run(arguments, reports: [[Self.unpinned]])
        await #expect(throws: SetupPause()) { try await run.run() }
        try FileManager.default.removeItem(atPath: fixture.places.machineKey)
        _ = try await fixture.run(arguments, reports: [[Self.unpinned]]).run()
        let other = try SetupFixture()
        try other.commit()
        _ = try await other.run(other.here + ["--wait", "0s", "--no-pin"], reports: [[Self.unpinned]]).run()
        #expect(other.capture.result.contains("    warn  host key  any machine would"))
    }

    @Test("open incidents, their mail, a stack that is down, and no daemon hold no host back; all else does")
    func leftovers() {
        let leftovers = ["incidents", "mail", "daemon", "stack"].map { HostCheck.fail($0, "x") }
        let fitness = Fitness(checks: leftovers + [Self.unpinned], waitsForPin: false)
        #expect(fitness.isFit && fitness.notes.map(\.name) == ["incidents", "mail", "stack", "host key"])
        for name in ["registry", "owner mail", "plan", "configuration"] {
            #expect(!Fitness(checks: leftovers + [.fail(name, "x")], waitsForPin: false).isFit, "\(name)")
        }
        #expect(!Fitness(checks: [Self.unpinned], waitsForPin: true).isFit)
        #expect(Fitness(checks: [.warn("git host key", "x")], waitsForPin: true).isFit)
    }

    @Test("data of another machine are left alone without --adopt")
    func foreign() async throws {
        try fixture.commit()
        let found = HostCheck.fail("machine", "the data are of another machine", "where it is off: fairlead adopt")
        let run = try fixture.run(fixture.here, reports: [[found]])
        let error = await #expect(throws: SetupError.self) { try await run.run() }
        #expect(error?.hint.contains("then add --adopt") == true)
        #expect(fixture.capture.chatter.contains("of another machine") && !fixture.exists("\(etc)/config.json"))
        _ = try await fixture.run(fixture.here + ["--adopt"]).run()
        expectOrder("- adopt state and data of another machine", "- tested")
    }

    @Test("a plan that would be refused is shown, and nothing is put in place")
    func refused() async throws {
        try fixture.commit()
        try fixture.repo.write("plan.json", #"{"schemaVersion": 1, "stack": "acme"}"#)
        try fixture.repo.commit("Break")
        let run = try fixture.run(fixture.here)
        let error = await #expect(throws: SetupError.self) { try await run.run() }
        #expect(error?.message == "the plan at the tip of the branch would be refused")
        #expect(fixture.capture.chatter.contains("plan.json") && !fixture.exists("\(etc)/config.json"))
    }

    @Test("another configuration is shown and never replaced without --force, which keeps a copy")
    func otherConfiguration() async throws {
        try fixture.commit()
        try fixture.repo.git("branch", "next")
        _ = try await fixture.run(fixture.here).run()
        let former = fixture.text("\(etc)/config.json")
        let arguments = fixture.here + ["--branch", "next"]
        let run = try fixture.run(arguments)
        let error = await #expect(throws: SetupError.self) { try await run.run() }
        #expect(error?.message == "'\(etc)/config.json' is another configuration")
        expectOrder("\(etc)/config.json differs", #"    -        "branch": "main""#, #"    +        "branch": "next""#)
        #expect(fixture.text("\(etc)/config.json") == former)
        _ = try await fixture.run(arguments + ["--force"]).run()
        #expect(fixture.text("\(etc)/config.json")?.contains(#""branch": "next""#) == true)
        #expect(fixture.text("\(etc)/config.json.20261121T101847Z") == former)
    }

    @Test("without a repo there has to be a configuration")
    func noRepo() async throws {
        let run = try fixture.run([])
        let error = await #expect(throws: SetupError.self) { try await run.run() }
        #expect(error?.message == "no customer repo is named")
    }

    @Test("with --hold the host is suspended before Fairlead starts")
    func hold() async throws {
        try fixture.commit()
        _ = try await fixture.run(fixture.here + ["--hold"]).run()
        expectOrder("- write", "- hold the deployment back", "- start Fairlead")
        let journal = try Journal.openReadOnly(at: "\(fixture.scratch.path)/state/journal.sqlite")
        let suspension = try await journal.suspension()
        #expect(suspension?.reason == "set up with --hold")
    }

    @Test("with --signers the tip is the anchor where none is named, and nothing that others signed is read")
    func anchor() async throws {
        let (ada, eve) = (try SSHTestKey(), try SSHTestKey())
        let arguments = fixture.here + ["--signers", "ada@example.com \(ada.line)", "--wait", "0s"]
        try fixture.commit(signedWith: eve.settings)
        let unbelieved = try fixture.run(arguments)
        await #expect(throws: (any Error).self) { try await unbelieved.run() }
        #expect(!fixture.exists("\(etc)/config.json"))
        let tip = try fixture.commit(signedWith: ada.settings)
        _ = try await fixture.run(arguments).run()
        expectOrder("- keep who may sign commits in \(etc)/allowed_signers", "- commits have to be signed")
        #expect(fixture.capture.result.contains("to contain \(tip), which was the tip: compare it"))
        #expect(fixture.text("\(etc)/config.json")?.contains(#""anchor": "\#(tip)""#) == true)
        let configuration = fixture.text("\(etc)/config.json")
        _ = try await fixture.run(arguments).run()
        #expect(fixture.text("\(etc)/config.json") == configuration)
    }

    @Test("a run that was killed in between leaves what the next one goes on with")
    func interrupted() async throws {
        try fixture.commit()
        for name in ["ssh_key.new", "ssh_key.new.pub", "ssh_key.pub", "age.txt.new", "config.json.trial"] {
            try fixture.scratch.write("half", to: "etc/\(name)")
        }
        let maker = KeyMaker(places: fixture.places, host: "vsn1")
        #expect(!maker.hasSSHKey && !maker.hasAgeIdentity)
        try await maker.makeSSHKey()
        let half = try TestProgram("ssh-keygen", ["-y", "-f", fixture.places.sshKey]).run()
        #expect(fixture.text("\(etc)/ssh_key.pub") == half + "\n" && half.hasSuffix(" fairlead@vsn1"))
        try fixture.touch("broken")
        let run = try fixture.run(fixture.here)
        let error = await #expect(throws: SetupError.self) { try await run.run() }
        #expect(error?.message == "the service does not start")
        #expect(fixture.capture.chatter.hasSuffix("    no such table\n"))
        try FileManager.default.removeItem(atPath: "\(fixture.scratch.path)/broken")
        _ = try await fixture.run(fixture.here).run()
        let left = try FileManager.default.contentsOfDirectory(atPath: etc).sorted()
        #expect(left == ["age.txt", "config.json", "ssh_key", "ssh_key.pub"])
    }

    @Test("a dry run tells the steps and touches nothing")
    func dryRun() async throws {
        let arguments = ["--repo", "ssh://git@git.example.com/acme.git", "--host", "vsn1", "--dry-run", "--hold"]
        _ = try await fixture.run(arguments).run()
        expectOrder(
            "would make a deploy key", "would make a key for secrets", "would pin the key of 'git.example.com'",
            "would test", "would write \(etc)/config.json:", "    {", "would hold the deployment back",
            "would start Fairlead")
        #expect(!fixture.exists(etc) && fixture.systemctl.isEmpty && !fixture.exists("\(fixture.scratch.path)/lock"))
        let there = try FileManager.default.contentsOfDirectory(atPath: fixture.scratch.path)
        #expect(there.sorted() == ["bin", "machine.pub"])
    }

    @Test("only one setup is at work on a host")
    func alone() async throws {
        try fixture.commit()
        var run = try fixture.run(fixture.here, reports: [[Self.missing]])
        let (competitor, prepare) = (try fixture.run(fixture.here), run.prepare)
        run.prepare = { trial in
            prepare(&trial)
            trial.pause = { _ = try await competitor.run() }
        }
        let outer = run
        let error = await #expect(throws: HostError.self) { try await outer.run() }
        #expect(error?.message.contains("this host is busy") == true)
        #expect(error?.message.contains("'fairlead setup'") == true)
    }

    @Test("a token is kept for root alone, no line shows it, and no command of the trial gets it")
    func token() async throws {
        let arguments = ["--repo", "https://git.example.com/a", "--host", "vsn1", "--wait", "0s"]
        let run = try fixture.run(arguments, reports: [[Self.missing]], token: "canary")
        #expect(run.context.environment.isEmpty)
        await #expect(throws: SetupPause()) { try await run.run() }
        expectOrder("- keep the token in \(etc)/token", "Not yet:")
        #expect(fixture.text("\(etc)/token") == "canary\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(etc)/token")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(!(fixture.capture.result + fixture.capture.chatter).contains("canary"))
    }

    @Test("what the next run needs besides, or since when Fairlead runs, is told: to bootstrap.sh in a file")
    func answers() async throws {
        try fixture.commit()
        let file = "\(fixture.scratch.path)/answer"
        let (script, person) = (try Setup.parse(["--answer-file", file]), try Setup.parse([]))
        let whole = try fixture.run(fixture.here)
        let (first, second) = (try await script.end(whole), try await person.end(whole))
        #expect(first == .success && second == .success)
        #expect(fixture.text(file) == "2026-11-21T10:18:47Z\n")
        let next = "next: 'fairlead wait --since 2026-11-21T10:18:47Z' says what comes of the deployment\n"
        #expect(fixture.capture.chatter.hasSuffix(next))
        let waiting = try fixture.run(["--wait", "0s"], reports: [[Self.missing]])
        let (third, fourth) = (try await script.end(waiting), try await person.end(waiting))
        #expect(third == .incomplete && fourth == .incomplete)
        #expect(fixture.text(file) == "")
        #expect(fixture.capture.chatter.hasSuffix("then run the same line again\n"))
    }
}
