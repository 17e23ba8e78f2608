import Commands
import Foundation
import TestSupport
import Testing

@Suite("Errors with --output json are JSON on standard output")
struct ErrorReportTests {
    @Test(
        "the error, what to do, and the exit status as without it",
        arguments: [["--output", "json"], ["--output=json"]])
    func error(output: [String]) async throws {
        let host = try CommandFixture(environment: ["FAIRLEAD_REPOSITORY_URL": "/nowhere/repo.git"])
        let text = await host.run("plan")
        #expect(text.status == .failure && text.output.isEmpty && text.chatter.contains("error: "))
        let json = await host.run(["plan"] + output)
        #expect(json.status == .failure)
        #expect((json.json["error"] as? String)?.contains("/nowhere/repo.git") == true, "\(json.output)")
        #expect((json.json["hint"] as? String)?.isEmpty == false)
        #expect(json.json["formatVersion"] as? Int == 1)
        #expect(!json.chatter.contains("/nowhere/repo.git"))
    }

    @Test(
        "a wrong command line is told the same way, for any command",
        arguments: [
            ["plan", "--output", "json", "--bogus"], ["--output=json", "bogus"], ["run", "--output", "json"],
            ["show", "--output", "json"], ["status", "--output", "text", "--output", "json", "surplus"],
        ])
    func usage(arguments: [String]) async throws {
        let host = try CommandFixture()
        let result = await host.run(arguments)
        #expect(result.status == .usage)
        #expect((result.json["error"] as? String)?.isEmpty == false, "\(result.output)")
        #expect(result.chatter.isEmpty)
    }

    @Test(
        "what follows '--', and another format, ask for text",
        arguments: [
            ["plan", "--bogus", "--output", "text"], ["plan", "--bogus", "--", "--output", "json"],
            ["plan", "--output", "json", "--output", "text", "--bogus"],
        ])
    func text(arguments: [String]) async throws {
        let result = try await CommandFixture().run(arguments)
        #expect(result.status == .usage && result.output.isEmpty && !result.chatter.isEmpty)
    }

    @Test("a broken configuration lists its problems, and a caller who is not root is told")
    func problems() async throws {
        let host = try CommandFixture()
        try host.scratch.write(#"{"repositry": {"url": "x"}}"#, to: "config.json")
        let result = await host.run(["status", "--output", "json"], isRoot: false)
        let problems = try #require(result.json["problems"] as? [[String: Any]], "\(result.output)")
        #expect(problems.contains { ($0["message"] as? String)?.contains("repositry") == true })
        #expect((result.json["hint"] as? String)?.contains("run it with sudo") == true)
    }

    @Test("help stays help")
    func help() async throws {
        let result = try await CommandFixture().run("status", "--output", "json", "--help")
        #expect(result.status == .success && result.output.contains("USAGE"))
    }
}
