import Commands
import Journal
import Model
import TestSupport
import Testing

@Suite("What deploying would change")
struct PlanCommandTests {
    @Test("G2: exit 2 for an installation, 0 when it is deployed, 2 for an upgrade, 1 for a broken plan")
    func statuses() async throws {
        let host = try CommandFixture()
        let first = try host.commit("1.0.0", "Install")
        let install = await host.run("plan")
        #expect(install.status == .changes)
        #expect(install.output.contains("install acme 1.0.0: \(first.short) Ada Author: “Install”"))
        #expect(install.output.contains("  + web: container added\n"))

        try await host.recordDeployment(of: first, subject: "Install")
        let none = await host.run("plan")
        #expect(none.status == .success)
        #expect(none.output == "nothing to deploy: \(first.short) Ada Author: “Install”\n")

        try host.commit("1.1.0", "Upgrade")
        let upgrade = await host.run("plan")
        #expect(upgrade.status == .changes)
        #expect(upgrade.output.contains("redeploy acme 1.1.0, 2 changes"))
        #expect(upgrade.output.contains("  ~ web: image 1.0.0 -> 1.1.0\n"))

        try host.commit("1.1.0", "Break", changes: #"{"stak": "x"}"#)
        let broken = await host.run("plan")
        #expect(broken.status == .failure)
        #expect(broken.output.contains("stak"))
        #expect(broken.output.contains("refused"))
    }

    @Test("S2: a plan that differs in hotfixes only is called a hotfix")
    func hotfix() async throws {
        let host = try CommandFixture()
        let first = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: first, subject: "Install")
        try host.commit(
            "1.0.0", "Hotfix", changes: #"{"hotfixes": {"web": "registry.example.com/acme/web:1.0.0-hf1"}}"#)
        let result = await host.run("plan", "--output", "json")
        #expect(result.json["action"] as? String == "hotfix")
        #expect(result.status == .changes)
    }

    @Test("a plan that differs in what concerns no container is no hotfix")
    func settings() async throws {
        let host = try CommandFixture()
        let first = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: first, subject: "Install")
        try host.commit("1.0.0", "Go back by itself", changes: #"{"onFailure": "previous"}"#)
        let result = await host.run("plan")
        #expect(result.output.contains("settings of acme 1.0.0, 1 change, no container is replaced: "))
        #expect(result.status == .changes)
        #expect(await host.run("plan", "--output", "json").json["action"] as? String == "settings")
    }

    @Test("secrets that are missing are told all at once, by name, the same each time")
    func missingSecrets() async throws {
        let host = try CommandFixture()
        func told(_ names: [String]) async throws -> String {
            let environment = names.map { #""\#($0.uppercased())": "${secret:\#($0)}""# }
            try host.commit(
                "1.0.0", "Refer to secrets",
                changes: #"{"containers": {"web": {"environment": {\#(environment.joined(separator: ", "))}}}}"#)
            let result = await host.run("plan")
            #expect(result.status == .failure)
            return result.chatter
        }
        let all = try await told(["mail", "database", "key"])
        #expect(all.contains("secrets 'database', 'key', 'mail', which the plan refers to, do not exist"), "\(all)")
        #expect(all.contains("add them to secrets.json.age") && all.contains("remove the references"))
        let one = try await told(["key"])
        #expect(one.contains("secret 'key', which the plan refers to, does not exist"), "\(one)")
        #expect(one.contains("remove the reference\n"))
    }

    @Test("a directory is compared before it is committed, and an older commit by the beginning of its id")
    func otherSources() async throws {
        let host = try CommandFixture()
        let first = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: first, subject: "Install")
        try host.commit("1.1.0", "Upgrade")
        #expect(await host.run("plan", "--revision", String(first.hex.prefix(7))).status == .success)
        #expect(await host.run("plan", "--revision", "0000").chatter.contains("no commit in the history"))
        let directory = await host.run("plan", "--directory", host.repo.path, "--output", "json")
        #expect(directory.json["directory"] as? String == host.repo.path)
        #expect(directory.json["commit"] == nil)
        #expect(directory.status == .changes)
    }

    @Test("an unreachable repo is an error with the reason, not a plan")
    func unreachable() async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_REPOSITORY_URL": "/nowhere/repo.git"])
        let result = await host.run("plan")
        #expect(result.status == .failure)
        #expect(result.chatter.contains("/nowhere/repo.git"))
        #expect(result.output.isEmpty)
    }

    @Test("validate warns in a clone of data that the last commit, or what is not committed yet, leaves behind")
    func losses() async throws {
        let host = try CommandFixture()
        let volume = { (words: String) in
            #"{"containers": {"web": {"volumes": [{"target": "/data", \#(words)}]}}}"#
        }
        try host.commit("1.0.0", "Install", changes: volume(#""data": "db""#))
        let words = "warning: 'db' stays behind on the host, 'database' starts empty"
        #expect(await !host.run("validate", host.repo.path).output.contains("stays behind"))
        try host.repo.write("hosts/vsn1.json", volume(#""data": "database""#))
        let edited = await host.run("validate", host.repo.path)
        #expect(edited.status == .success && edited.output.contains(words), "\(edited.output)")
        try host.commit("1.0.0", "Rename", changes: volume(#""data": "database""#))
        #expect(await host.run("validate", host.repo.path).output.contains(words))
        try host.commit("1.0.0", "Say so", changes: volume(#""data": "database", "formerly": "db""#))
        #expect(await !host.run("validate", host.repo.path).output.contains("stays behind"))
    }

    @Test("S8: validate checks every host without a configuration and reports all problems")
    func validate() async throws {
        let host = try CommandFixture()
        try host.commit("1.0.0", "Install")
        let good = await host.run("validate", host.repo.path)
        #expect(good.status == .success)
        #expect(good.output.hasSuffix("the plan is valid for vsn1, 3 warnings\n"), "\(good.output)")
        for word in ["'backup'", "'mail'", "'hostKey'"] {
            #expect(good.output.contains("has no \(word)"), "\(good.output)")
        }
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        try host.repo.write("hosts/vsn1.json", #"{"backup": "none", "mail": "none", "hostKey": "\#(key)"}"#)
        #expect(await host.run("validate", host.repo.path).output == "the plan is valid for vsn1\n")
        #expect(await host.run("validate", host.repo.path, "--host", "vsn1").output == "the plan is valid for vsn1\n")
        try host.repo.write("hosts/vsn1.json", #"{"containers": {"web": {"prots": [], "dependsOn": ["wbe"]}}}"#)
        let bad = await host.run("validate", host.repo.path, "--output", "json")
        #expect(bad.status == .failure)
        let problems = Self.errors(in: bad)
        #expect(problems.count >= 1)
        #expect(problems.allSatisfy { $0["file"] as? String == "hosts/vsn1.json" })
    }

    @Test("J4: validate refuses a lock that nobody could read back, at its place, with what to write instead")
    func lock() async throws {
        let host = try CommandFixture()
        let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
        let target = #"{"rclone": {"type": "sftp", "host": "nas"}, "path": "acme", "lock": "180d"}"#
        let backup = #"{"backup": {"recipients": ["\#(key)"], "targets": {"nas": \#(target)}}}"#
        try host.commit("1.0.0", "Install", changes: backup)
        let result = await host.run("validate", host.repo.path, "--output", "json")
        #expect(result.status == .failure)
        let problems = Self.errors(in: result)
        #expect(problems.map { $0["pointer"] as? String } == ["/backup/targets/nas/lock"])
        let hint = try #require(problems.first?["hint"] as? String)
        #expect(hint.contains("remove 'lock', or use a store of type 's3' or 'azureblob'"), "\(hint)")
    }

    private static func errors(in result: CommandFixture.Result) -> [[String: Any]] {
        (result.json["problems"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "error" }
    }
}
