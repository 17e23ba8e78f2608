import Commands
import Foundation
import Model
import TestSupport
import Testing

@Suite("J3: every change names the newest commit that made it, not the tip")
struct AttributionTests {
    /// A host that runs `plan(…)` as Ada installed it, and a customer repo that goes on from there.
    private final class Story: Sendable {
        let host: CommandFixture
        let first: CommitID

        init() async throws {
            host = try CommandFixture()
            try host.repo.write("hosts/vsn1.json", "{}")
            try host.repo.write("plan.json", Story.plan())
            first = try #require(CommitID(try host.repo.commit("Install")))
            try await host.recordDeployment(of: first, subject: "Install")
        }

        static func plan(_ web: String = "", more: String = "", version: String = "1.0.0") -> String {
            """
            {
              "schemaVersion": 1, "stack": "acme", "version": "\(version)",
              "containers": {"web": {"image": "registry.example.com/acme/web:1"\(web)}}\(more)
            }
            """
        }

        static let memory = #", "resources": {"memory": "256MiB"}"#
        static let user = #", "user": "33:33""#

        func commit(_ plan: String, _ subject: String, by author: String = "Ada") throws {
            try host.repo.write("plan.json", plan)
            try host.repo.commit(subject, by: author)
        }

        func readme(_ subject: String, by author: String) throws {
            try host.repo.write("README.md", subject)
            try host.repo.commit(subject, by: author)
        }

        /// By the text of the change the author and subject of the commit that it is put down to.
        func changes() async throws -> [String: String] {
            let result = await host.run("plan", "--output", "json")
            let changes = try #require(result.json["changes"] as? [[String: Any]], "\(result.output)\(result.chatter)")
            return changes.reduce(into: [:]) { told, change in
                let commit = change["commit"] as? [String: Any]
                let words = commit.map { "\($0["author"] ?? ""): \($0["subject"] ?? "")" } ?? "nobody"
                let earlier = commit?["earlier"] as? Bool == true ? "earlier than " : ""
                told[change["text"] as? String ?? ""] = earlier + words
            }
        }
    }

    @Test("Ada's limit stays hers though Bob's typo fix is the tip, in words and in JSON")
    func twoAuthors() async throws {
        let story = try await Story()
        try story.commit(Story.plan(Story.memory), "limit the database's memory")
        try story.readme("fix a typo in the README", by: "Bob")
        #expect(try await story.changes() == ["memory unlimited -> 256 MiB": "Ada: limit the database's memory"])
        let lines = await story.host.run("plan").output.split(separator: "\n")
        #expect(lines.first?.hasSuffix("Bob: “fix a typo in the README”") == true, "\(lines)")
        #expect(lines.last?.hasSuffix("Ada: “limit the database's memory”)") == true, "\(lines)")
    }

    @Test("each field has its own commit, the newest that changed it")
    func fields() async throws {
        let story = try await Story()
        try story.commit(Story.plan(#", "resources": {"memory": "1GiB"}"#), "limit much")
        try story.commit(Story.plan(Story.memory), "limit more", by: "Bob")
        try story.commit(Story.plan(Story.memory + Story.user), "run as www-data", by: "Cleo")
        try story.commit(Story.plan(Story.memory + Story.user, version: "1.1.0"), "release 1.1.0")
        #expect(
            try await story.changes() == [
                "memory unlimited -> 256 MiB": "Bob: limit more", "user '33:33' added": "Cleo: run as www-data",
                "version 1.0.0 -> 1.1.0": "Ada: release 1.1.0",
            ])
    }

    @Test("a merge is not named for what a commit of its branch made, but for what it made itself")
    func merges() async throws {
        let story = try await Story()
        let git = story.host.repo
        try git.git("checkout", "--quiet", "-b", "feature")
        try story.commit(Story.plan(Story.memory), "limit the memory", by: "Bob")
        try story.readme("describe the limit", by: "Bob")
        try git.git("checkout", "--quiet", "main")
        try git.write("notes", "x")
        try git.commit("take notes", by: "Cleo")
        try git.git("merge", "--quiet", "--no-ff", "--no-commit", "feature")
        try git.write("plan.json", Story.plan(Story.memory + Story.user))
        try git.commit("merge the feature", by: "Dan")
        #expect(
            try await story.changes() == [
                "memory unlimited -> 256 MiB": "Bob: limit the memory", "user '33:33' added": "Dan: merge the feature",
            ])
    }

    @Test("the revert of a revert made it, and a change that was reverted is none")
    func reverts() async throws {
        let story = try await Story()
        try story.commit(Story.plan(Story.memory), "limit the memory")
        try story.host.repo.revert()
        #expect(try await story.changes() == [:])
        try story.commit(Story.plan(Story.memory), "limit it again", by: "Bob")
        try story.readme("words", by: "Cleo")
        #expect(try await story.changes() == ["memory unlimited -> 256 MiB": "Bob: limit it again"])
    }

    @Test("a commit that could not be deployed still made its change, and what cannot be read is looked through")
    func unresolvable() async throws {
        let story = try await Story()
        try story.commit(Story.plan(Story.memory), "limit the memory")
        try story.commit(Story.plan(Story.memory + Story.user, more: #", "stak": "x""#), "run as www-data", by: "Bob")
        try story.commit("{ this is no JSON", "break it", by: "Cleo")
        try story.commit(Story.plan(Story.memory + Story.user, version: "1.1.0"), "mend it", by: "Dan")
        #expect(
            try await story.changes() == [
                "memory unlimited -> 256 MiB": "Ada: limit the memory", "user '33:33' added": "Bob: run as www-data",
                "version 1.0.0 -> 1.1.0": "Dan: mend it",
            ])
    }

    @Test("files and build contexts are changes with commits as well")
    func files() async throws {
        let story = try await Story()
        let plan = Story.plan(#", "files": [{"source": "files/site.conf", "target": "/etc/site.conf"}]"#)
        try story.host.repo.write("files/site.conf", "one")
        try story.commit(plan, "add the site")
        try await story.host.recordDeployment(
            of: try #require(CommitID(try story.host.repo.head())), subject: "add the site")
        try story.host.repo.write("files/site.conf", "two")
        try story.host.repo.commit("mend the site", by: "Bob")
        try story.readme("words", by: "Cleo")
        #expect(try await story.changes() == ["file '/etc/site.conf' changed": "Bob: mend the site"])
    }

    @Test("what becomes of a data directory is put down to the commit that renamed it")
    func data() async throws {
        let story = try await Story()
        func volume(_ more: String) -> String { #", "volumes": [{"target": "/data", \#(more)}]"# }
        try story.commit(Story.plan(volume(#""data": "db""#)), "add data")
        try await story.host.recordDeployment(
            of: try #require(CommitID(try story.host.repo.head())), subject: "add data")
        try story.commit(Story.plan(volume(#""data": "database", "formerly": "db""#)), "rename it", by: "Bob")
        try story.readme("words", by: "Cleo")
        let changes = try await story.changes()
        #expect(changes["is renamed from 'db'"] == "Bob: rename it", "\(changes)")
    }

    @Test("after the branch was rewritten the commit of the new history is named")
    func rewritten() async throws {
        let story = try await Story()
        let git = story.host.repo
        try story.commit(Story.plan(Story.memory), "limit the memory")
        let deployed = try #require(CommitID(try git.head()))
        _ = await story.host.run("plan")
        try await story.host.recordDeployment(of: deployed, subject: "limit the memory")
        try git.git("reset", "--quiet", "--hard", story.first.hex)
        try story.commit(Story.plan(Story.user), "run as www-data", by: "Bob")
        #expect(
            try await story.changes() == [
                "memory 256 MiB -> unlimited": "Ada Author: Install", "user '33:33' added": "Bob: run as www-data",
            ])
    }

    @Test("of 500 commits that all change the plan the right ones are named; of what is older it is said that it is")
    func many() async throws {
        let story = try await Story()
        try story.commit(Story.plan(Story.memory), "limit the memory", by: "Bob")
        var stream = ""
        for number in 1...499 {
            let version = number == 250 ? #", "user": "1:1""# : number > 250 ? Story.user : ""
            let plan = Story.plan(Story.memory + version, version: "1.0.\(number)")
            stream += "commit refs/heads/main\ncommitter Cleo <c@example.com> \(1_800_000_000 + number) +0000\n"
            stream += "data \(8 + "\(number)".count)\nrelease \(number)\n"
            if number == 1 { stream += "from refs/heads/main^0\n" }
            stream += "M 100644 inline plan.json\ndata \(plan.utf8.count)\n\(plan)\n"
        }
        try story.host.repo.git("fast-import", "--quiet", input: stream)
        try story.host.repo.git("reset", "--quiet", "--hard")
        let began = ContinuousClock.now
        #expect(
            try await story.changes() == [
                "memory unlimited -> 256 MiB": "Bob: limit the memory", "user '33:33' added": "Cleo: release 251",
                "version 1.0.0 -> 1.0.499": "Cleo: release 499",
            ])
        print("500 commits, each with another plan, are looked at in \(ContinuousClock.now - began)")
        try story.readme("one more", by: "Dan")
        #expect(try await story.changes()["memory unlimited -> 256 MiB"] == "earlier than Cleo: release 1")
    }

    @Test("a plan that is refused names the commit that broke it, not the tip")
    func refusal() async throws {
        let story = try await Story()
        try story.commit(Story.plan(more: #", "stak": "x""#), "add a key", by: "Bob")
        try story.commit(Story.plan(Story.memory, more: #", "stak": "x""#), "limit the memory", by: "Cleo")
        let told = await story.host.run("plan")
        #expect(told.status == .failure)
        #expect(told.output.contains("did you mean 'stack'? (since "), "\(told.output)")
        #expect(told.output.contains("Bob: “add a key”)"), "\(told.output)")
        let problems = await story.host.run("plan", "--output", "json").json["problems"] as? [[String: Any]]
        #expect((problems?.first?["commit"] as? [String: Any])?["author"] as? String == "Bob")
    }
}
