import Foundation
import Logging
import Processes
import TestSupport
import Testing

@testable import GitSource

@Suite("the child process")
struct IsolationTests {
    private func respond(to request: ChildRequest, home: String) async throws -> ChildResponse {
        let command = Command(
            try GitBench.program(), [GitChild.subcommand], environment: ["HOME": home, "XDG_CONFIG_HOME": home],
            input: [UInt8](try JSONEncoder().encode(request)))
        let last = try #require(try await command.run().text.split(separator: "\n").last)
        guard case .answer(let response) = try JSONDecoder().decode(ChildMessage.self, from: Data(last.utf8)) else {
            throw ChildAnswer.Missing()
        }
        return response
    }

    private func request(_ url: String, _ state: String) -> ChildRequest {
        ChildRequest(
            operation: .fetch, url: url, branch: "main", mirror: "\(state)/mirror.git", username: "git",
            caFile: "/nonexistent", packLimit: 1 << 20, patience: 20, seconds: 20)
    }

    @Test("git's configuration of the user and the system changes nothing")
    func configuration() async throws {
        let repository = try GitFixture()
        try repository.commit("first")
        let home = try Scratch()
        let rewrite = "[url \"/nonexistent/\"]\n  insteadOf = \(repository.path.prefix(5))\n[[[broken\n"
        try home.write(rewrite, to: ".gitconfig")
        try home.write(rewrite, to: "git/config")
        let response = try await respond(to: request(repository.path, home.path), home: home.path)
        #expect(response.failure == nil)
        #expect(response.renewal == .missing)
    }

    @Test("a request that makes no sense ends with a status, not with an answer")
    func nonsense() async throws {
        let command = Command(try GitBench.program(), [GitChild.subcommand], input: Array("{}".utf8))
        let result = try await command.runToEnd()
        #expect(result.status == 70)
        #expect(result.output.isEmpty)
    }

    @Test("a child that crashes is a failure of this host")
    func crash() async throws {
        let repository = try GitFixture()
        let source = GitSource(
            location: RepositoryLocation(url: repository.path), stateDirectory: "/nonexistent",
            executable: "/bin/false",
            logger: .init(label: "git"))
        let failure = await gitFailure { _ = try await source.remoteTip() }
        #expect(failure?.kind == .local)
        #expect(failure?.message.contains("'/bin/false internal-git' exited with status 1") == true)
    }

    @Test("two fetches at once wait for each other")
    func concurrent() async throws {
        let repository = try GitFixture()
        try repository.commit("first")
        let home = try Scratch()
        let request = request(repository.path, home.path)
        let failures = try await withThrowingTaskGroup(of: GitFailure?.self) { group in
            for _ in 0..<4 { group.addTask { try await respond(to: request, home: home.path).failure } }
            return try await group.reduce(into: []) { if let failure = $1 { $0.append(failure) } }
        }
        #expect(failures.isEmpty)
        #expect(try Paths.names(in: "\(home.path)/mirror.git/objects/pack").count { $0.hasSuffix(".pack") } == 1)
    }
}
