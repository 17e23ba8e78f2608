import Commands
import Foundation
import Journal
import Model
import Planning
import TestSupport
import Testing

@Suite("The plan of a host can be seen, each value with the place that it came from")
struct ResolvedPlanTests {
    private func fixture() throws -> (host: CommandFixture, commit: String) {
        let host = try CommandFixture()
        try host.repo.write(
            "plan.json",
            """
            {
              "schemaVersion": 1,
              "stack": "acme",
              "version": "1.0.0",
              "variables": {
                "domain": "acme.example.com"
              },
              "containers": {
                "web": {
                  "image": "registry.example.com/acme/web:${version}",
                  "environment": {
                    "HOST": "www.${variable:domain}",
                    "PASSWORD": "${secret:web}"
                  },
                  "resources": {"memory": "256MiB"}
                },
                "jobs": {"image": "registry.example.com/acme/jobs:1", "active": false}
              },
              "sizes": {
                "large": {
                  "containers": {"web": {"resources": {"memory": "4GiB"}}}
                }
              }
            }
            """)
        try host.repo.write(
            "hosts/vsn1.json",
            """
            {
              "size": "large",
              "containers": {"web": {"resources": {"cpus": 2}}}
            }
            """)
        try host.repo.write("hosts/vsn2.json", #"{"variables": {"domain": "two.example.com"}}"#)
        return (host, try host.repo.commit("Install"))
    }

    @Test("sizes, host entries, variables and the plan itself are told apart; secrets stay references")
    func origins() async throws {
        let (host, commit) = try fixture()
        let result = await host.run("plan", "--resolved")
        #expect(result.status == .success, "\(result.chatter)")
        let lines = result.output.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(lines.first == "plan of vsn1: \(commit.prefix(10)) Ada Author: “Install”")
        for line in [
            #"/containers/web/image = "registry.example.com/acme/web:1.0.0" plan.json:10, version plan.json:4"#,
            #"/containers/web/environment/HOST = "www.acme.example.com" plan.json:12, variable:domain plan.json:6"#,
            #"/containers/web/environment/PASSWORD = "${secret:web}" plan.json:13"#,
            #"/containers/web/resources/memory = "4GiB" plan.json:21"#,
            #"/containers/web/resources/cpus = 2 hosts/vsn1.json:3"#, #"/size = "large" hosts/vsn1.json:2"#,
        ] {
            #expect(lines.contains(line), "\(line) in \(result.output)")
        }
        for part in ["jobs", "/sizes", "/variables"] { #expect(!result.output.contains(part)) }
    }

    @Test("of another host, of a commit, of a directory, and as JSON")
    func others() async throws {
        let (host, commit) = try fixture()
        try host.repo.write("hosts/vsn1.json", #"{"size": "large", "version": "2.0.0"}"#)
        try host.repo.commit("Release")
        let other = await host.run("plan", "--resolved", "--host", "vsn2", String(commit.prefix(8)), "--output", "json")
        let plan = try #require(other.json["plan"] as? [String: Any], "\(other.output)\(other.chatter)")
        #expect(plan["version"] as? String == "1.0.0" && other.json["host"] as? String == "vsn2")
        let origins = try #require(other.json["origins"] as? [String: [String: Any]])
        let origin = try #require(origins["/containers/web/environment/HOST"])
        #expect(origin["file"] as? String == "plan.json" && origin["line"] as? Int == 12)
        let uses = try #require(origin["uses"] as? [[String: Any]])
        #expect(uses.first?["file"] as? String == "hosts/vsn2.json")
        #expect(uses.first?["reference"] as? String == "variable:domain")
        #expect(await host.run("plan", "--resolved", "--directory", host.repo.path).output.contains(#"= "2.0.0""#))
        try host.repo.write("hosts/vsn1.json", #"{"size": "huge"}"#)
        let broken = await host.run("plan", "--resolved", "--directory", host.repo.path)
        #expect(broken.status == .failure && broken.chatter.contains("size 'huge' is not defined"))
    }

    @Test("a deployment's plan is shown as it was kept; where none was kept, how to see the commit's is said")
    func deployed() async throws {
        let (host, commit) = try fixture()
        let id = try #require(CommitID(commit))
        let journal = try host.journal()
        let document = try PlanResolver(tree: DirectoryTree(root: host.repo.path), policy: nil).document(host: "vsn1")
        let number = try await journal.begin(
            NewDeployment(commit: id, desired: nil, trigger: .commit, changes: [], document: document))
        let shown = await host.run("show", "\(number)", "--plan")
        #expect(shown.status == .success)
        #expect(shown.output.hasPrefix("deployment #\(number) on vsn1: \(commit.prefix(10))"))
        #expect(shown.output.contains(#"/containers/web/resources/memory"#) && shown.output.contains("plan.json:21"))
        let old = try await journal.begin(NewDeployment(commit: id, desired: nil, trigger: .commit, changes: []))
        let missing = await host.run("show", "\(old)", "--plan")
        #expect(missing.status == .failure)
        #expect(missing.chatter.contains("'fairlead plan --resolved \(commit.prefix(10))'"), "\(missing.chatter)")
    }
}
