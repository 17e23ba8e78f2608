import Commands
import Foundation
import Journal
import Model
import TestSupport
import Testing

/// A host that believes Ada, and its customer repo.
private struct SignedHost {
    let ada: SSHTestKey
    let boss: SSHTestKey
    let host: CommandFixture
    private let lists: Scratch

    init(_ settings: [String: String] = [:]) throws {
        ada = try SSHTestKey()
        boss = try SSHTestKey()
        lists = try Scratch()
        host = try CommandFixture(
            environment: [
                "FAIRLEAD_TRUST_COMMITS_MODE": "ssh",
                "FAIRLEAD_TRUST_COMMITS_ALLOWED_SIGNERS":
                    try lists.write("ada@example.com \(ada.line)\n", to: "allowed"),
                "FAIRLEAD_TRUST_OVERRIDE_SIGNERS": try lists.write("boss@example.com \(boss.line)\n", to: "override"),
            ].merging(settings) { $1 })
    }

    @discardableResult
    func commit(_ version: String, changes: String = "{}", signed: Bool = true) throws -> CommitID {
        let id = try host.commit(version, "Version \(version)", changes: changes)
        guard signed else { return id }
        try host.repo.git(ada.settings + ["commit", "--quiet", "--amend", "--no-edit", "--allow-empty", "-S"])
        return try #require(CommitID(try host.repo.head()))
    }

    func accept(_ commit: CommitID) async throws {
        try await TrustLedger(host.journal()).record(
            AcceptedCommit(
                commit: commit, warrant: CommitWarrant(way: .signature, time: Timestamp(milliseconds: 1))))
    }

    func tag(_ to: CommitID, from: CommitID, host name: String = "vsn1", expires: String, signed: Bool = true) throws {
        let message = "from: \(from.hex)\nto: \(to.hex)\nhost: \(name)\nexpires: \(expires)"
        try host.repo.git(
            boss.settings + [
                "tag", "--force", signed ? "-s" : "-a", "override/vsn1/\(to.short)", to.hex, "-m", message,
            ])
    }
}

@Suite("T2: commands and commits that are not believed", .timeLimit(.minutes(5)))
struct TrustCommandTests {
    @Test(
        "nothing of an unsigned tip is read or tried by any command, and 'plan' says why it is refused and what to do")
    func unsigned() async throws {
        let signed = try SignedHost()
        let tip = try signed.commit("1.0.0", signed: false)
        let words = "commit '\(tip.short)' is not signed"
        let plan = await signed.host.run("plan")
        #expect(plan.status == .failure)
        let summary = "refused: \(tip.short) Ada Author: “Version 1.0.0”\n  \(words); sign it"
        #expect(plan.output.hasPrefix(summary) && plan.output.count { $0 == "\n" } == 2, "\(plan.output)")
        let json = await signed.host.run("plan", "--output", "json").json
        #expect(json["action"] as? String == "refused" && json["stack"] == nil)
        #expect((json["refusal"] as? String)?.hasPrefix(words) == true)
        let resolved = await signed.host.run("plan", "--resolved")
        #expect(resolved.status == .failure && resolved.chatter.contains(words) && resolved.output.isEmpty)
        for named in [[tip.short], ["--revision", tip.short]] {
            let plan = await signed.host.run(["plan"] + named)
            #expect(plan.output.contains("install acme 1.0.0") && plan.output.contains("would be refused: \(words)"))
            #expect(plan.status == .failure)
        }
        for command in [["mail", "test"], ["backup", "list"]] {
            let result = await signed.host.run(command)
            #expect(result.status == .failure)
            #expect(result.chatter.contains(words), "\(result.chatter)")
        }
        let checks = try await Self.checks(signed.host)
        #expect(checks["signature"] == "fail" && checks["plan"] == "skipped")
        #expect(checks["secrets"] == nil && checks["backup"] == nil)

        try signed.commit("1.0.0")
        #expect(await signed.host.run("plan").status == .changes)
        let good = try await Self.checks(signed.host)
        #expect(good["plan"] == "ok" && good["signatures"] == "ok" && good["signers"] == "ok")
        #expect(good["anchor"] == "warn")
    }

    private static func checks(_ host: CommandFixture) async throws -> [String: String] {
        let checks = try #require(await host.run("doctor", "--output", "json").json["checks"] as? [[String: Any]])
        return checks.reduce(into: [:]) { found, check in
            if let name = check["name"] as? String { found[name] = check["status"] as? String }
        }
    }

    @Test("a line of a list of signers that ssh-keygen cannot read is named with its file, by doctor and at each start")
    func malformedLine() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("# ours\nada@example.com ssh-ed25519 AAAAC3Nz\n", to: "signers")
        let signed = try SignedHost(["FAIRLEAD_TRUST_COMMITS_ALLOWED_SIGNERS": file])
        try signed.commit("1.0.0")
        let words = "\(file):2: its key is cut off or damaged; whoever the line means is not believed"
        let plan = await signed.host.run("plan")
        #expect(plan.chatter.contains("warning: \(words)"), "\(plan.chatter)")
        let doctor = await signed.host.run("doctor")
        #expect(doctor.output.contains(words), "\(doctor.output)")
    }

    @Test("without signatures everything is as it was, and doctor says what that means")
    func off() async throws {
        let host = try CommandFixture()
        try host.commit("1.0.0", "Install")
        #expect(await host.run("plan").status == .changes)
        #expect(try await Self.checks(host)["signatures"] == "warn")
        #expect(await host.run("accept", "abcd").chatter.contains("commits are not verified on this host"))
    }

    @Test("a signed old tip is refused; where the journal is lost the anchor refuses it, and nothing does without one")
    func replay() async throws {
        let signed = try SignedHost()
        let old = try signed.commit("1.0.0")
        let new = try signed.commit("1.1.0")
        try await signed.accept(new)
        #expect(await signed.host.run("plan").status == .changes)
        try signed.host.repo.git("reset", "--quiet", "--hard", old.hex)
        let refused = await signed.host.run("plan")
        #expect(refused.status == .failure)
        let words = "commit '\(old.short)' does not contain '\(new.short)'"
        #expect(refused.output.contains(words), "\(refused.output)")

        try FileManager.default.removeItem(atPath: "\(signed.host.scratch.path)/state/journal.sqlite")
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(signed.host.scratch.path)/state/journal.sqlite\(suffix)")
        }
        #expect(await signed.host.run("plan").status == .changes)
        let anchored = await signed.host.run("plan", "--set", "trust.anchor=\(new.hex)")
        #expect(anchored.status == .failure)
        #expect(anchored.output.contains("the anchor of this host"), "\(anchored.output)")
    }

    @Test("a signed commit of another customer's repo is refused by the anchor, and by the stack that it names")
    func otherCustomer() async throws {
        let signed = try SignedHost()
        let own = try signed.commit("1.0.0")
        let other = try SignedHost()
        try other.host.commit("1.0.0", "Theirs")
        try other.host.repo.git(signed.ada.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"])
        let url = "repository.url=\(other.host.repo.path)"
        #expect(await signed.host.run("plan", "--set", url).status == .changes)
        let foreign = await signed.host.run("plan", "--set", url, "--set", "trust.anchor=\(own.hex)")
        #expect(foreign.status == .failure)
        #expect(foreign.output.contains("it is of another repository"), "\(foreign.output)")
        let stack = await signed.host.run("plan", "--set", url, "--set", "trust.stack=zenith")
        #expect(stack.status == .failure)
        #expect(stack.output.contains("the plan is of stack 'acme', and this host takes 'zenith' only"))
    }

    @Test("a signed tip answers for what is below it; where every commit has to be signed, the one that is not is told")
    func scopes() async throws {
        let signed = try SignedHost()
        let base = try signed.commit("1.0.0")
        try await signed.accept(base)
        let hidden = try signed.commit("1.1.0", signed: false)
        try signed.commit("1.2.0")
        #expect(await signed.host.run("plan").status == .changes)
        let every = await signed.host.run("plan", "--set", "trust.commits.scope=every")
        #expect(every.status == .failure)
        #expect(every.output.contains("commit '\(hidden.short)', which '"), "\(every.output)")
    }

    @Test("root accepts one commit, which no other use can be made of")
    func acceptance() async throws {
        let signed = try SignedHost(["SUDO_USER": "carol"])
        let base = try signed.commit("1.0.0")
        try await signed.accept(base)
        let tip = try signed.commit("1.1.0", signed: false)
        #expect(await signed.host.run("accept", tip.hex).chatter.contains("is accepted by carol"))
        #expect(await signed.host.run("plan").status == .changes)
        #expect(try await TrustLedger(signed.host.journal()).acceptances().map(\.person) == ["carol"])
        let next = try signed.commit("1.2.0")
        #expect(await signed.host.run("plan").status == .changes, "it contains what was accepted")
        try await signed.accept(next)
        try signed.host.repo.git("reset", "--quiet", "--hard", tip.hex)
        #expect(await signed.host.run("plan").status == .failure, "it was for the step from the first one")
        try await signed.accept(base)
        #expect(await signed.host.run("plan").status == .failure, "it was used up, also where root went back since")
        #expect(await signed.host.run("accept", tip.hex).status == .success)
        #expect(await signed.host.run("plan").status == .changes)
        #expect(await signed.host.run("accept", "0123").chatter.contains("has seen no commit '0123'"))
    }

    @Test("a tag of an override signer lets one step pass on one host, for a time")
    func override() async throws {
        let signed = try SignedHost()
        let base = try signed.commit("1.0.0")
        try await signed.accept(base)
        let tip = try signed.commit("1.1.0", signed: false)
        let later = "2099-01-01T00:00:00Z"
        let refusals: [(String, () throws -> Void)] = [
            ("is not signed", {}),
            ("it is not signed", { try signed.tag(tip, from: base, expires: later, signed: false) }),
            ("it has expired", { try signed.tag(tip, from: base, expires: "2001-01-01T00:00:00Z") }),
            ("it is for host 'vsn2'", { try signed.tag(tip, from: base, host: "vsn2", expires: later) }),
            ("and this one is at", { try signed.tag(tip, from: tip, expires: later) }),
        ]
        for (words, prepare) in refusals {
            try prepare()
            let plan = await signed.host.run("plan")
            #expect(plan.status == .failure && plan.output.contains(words), "\(words): \(plan.output)")
        }
        try signed.tag(tip, from: base, expires: later)
        let plan = await signed.host.run("plan")
        #expect(plan.status == .changes, "\(plan.chatter)")
        try signed.commit("1.2.0", signed: false)
        #expect(await signed.host.run("plan").status == .failure)
    }

    @Test("where nobody may sign the configuration is wrong")
    func nobody() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_TRUST_COMMITS_MODE": "gpg"])
        let result = await host.run("plan")
        #expect(result.status == .failure)
        #expect(result.chatter.contains("/trust/commits/allowedSigners"), "\(result.chatter)")
    }

    @Test(
        "doctor lists the rules on who may change what, and warns of one that can never be met or names no place"
    )
    func rules() async throws {
        let rules = """
            [{"paths": ["hosts/**", "plan.jsn"]},
             {"plan": ["/backup"], "signers": ["ada@example.com", "eve@example.com"], "threshold": 2},
             {"plan": ["/containers/*/imgae", "/host"]}]
            """
        let signed = try SignedHost(["FAIRLEAD_TRUST_COMMITS_RULES": rules])
        try await signed.accept(try signed.commit("1.0.0"))
        let json = await signed.host.run("doctor", "--output", "json").json
        let checks = try #require(json["checks"] as? [[String: Any]]).filter { $0["name"] as? String == "rule" }
        #expect(checks.map { $0["status"] as? String } == ["ok", "warn", "warn", "warn"])
        let first = "'hosts/**', 'plan.jsn': 1 person of everybody on the list of signers"
        #expect(checks.first?["found"] as? String == first)
        let file = "\(first): nothing in the repo is at 'plan.jsn'; did you mean 'plan.json'?"
        #expect(checks.last?["found"] as? String == file, "\(checks)")
        let typo = "'/containers/*/imgae' is no key of a plan; did you mean '/containers/*/image'?"
        #expect((checks.dropFirst(2).first?["found"] as? String)?.hasSuffix(": \(typo)") == true, "\(checks)")
        let fault = try #require(checks.dropFirst().first?["found"] as? String)
        #expect(fault.contains("only 1 of the 2"), "\(fault)")
        #expect(fault.contains("eve@example.com is not on the list"), "\(fault)")
    }

    @Test(
        "a rule about nothing, and rules where nothing is verified, are wrong",
        arguments: [
            ("ssh", #"[{"signers": ["a"]}]"#, "rules/0"), ("off", #"[{"paths": ["a"]}]"#, "no signature is verified"),
        ])
    func wrongRules(mode: String, rules: String, words: String) async throws {
        let signed = try SignedHost(["FAIRLEAD_TRUST_COMMITS_RULES": rules, "FAIRLEAD_TRUST_COMMITS_MODE": mode])
        let result = await signed.host.run("plan")
        #expect(result.status == .failure)
        #expect(result.chatter.contains(words), "\(result.chatter)")
    }
}
