import Foundation
import Model
import TestSupport
import Testing

@testable import GitSource

/// T3: what comes from a git server is read by a process that can do nothing else.
@Suite("the confined child")
struct ConfinedChildTests {
    @Test(
        "while it talks to a server it has no capability, and a filter of system calls",
        .enabled(if: GitServerTools.hasHTTPS, "needs nginx, fcgiwrap, openssl and git"))
    func rights() async throws {
        let repository = try GitFixture()
        var generator = SystemRandomNumberGenerator()
        try repository.write("plan.json", (0..<100_000).map { _ in String(generator.next(), radix: 36) }.joined())
        let id = try #require(CommitID(try repository.commit("large")))
        let root = try Scratch()
        try repository.git("clone", "--quiet", "--bare", repository.path, "\(root.path)/acme.git")
        let server = try await GitHTTPSServer(root: root.path)
        let relay = try SlowRelay(to: server.port, bytesPerSecond: 10_000_000, limit: 600_000)
        let bench = try GitBench("https://localhost:\(relay.port)/git/acme.git") {
            $0.caFile = server.authority
            $0.tokenFile = server.tokenFile
            $0.username = GitHTTPSServer.username
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await bench.source.fetch(RemoteTip(commit: id, servedBy: "")) }
            let status = try await statusOfHolder("\(bench.mirror).lock")
            #expect(status["CapPrm"] == "0000000000000000" && status["CapEff"] == "0000000000000000")
            #expect(status["NoNewPrivs"] == "1")
            #expect((status["Seccomp_filters"].flatMap { Int($0) } ?? 0) > 0)
            group.cancelAll()
        }
    }

    /// What the kernel says of the process that has `file` open.
    private func statusOfHolder(_ file: String) async throws -> [String: String] {
        for _ in 0..<600 {
            for process in try Paths.names(in: "/proc") where Int(process) != nil {
                let files = (try? Paths.names(in: "/proc/\(process)/fd")) ?? []
                let isHolder = files.contains { number in
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(number)"))
                        == file
                }
                if isHolder { return try status(of: process) }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("nobody has '\(file)' open")
        return [:]
    }

    private func status(of process: String) throws -> [String: String] {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
        return Dictionary(
            lines.map { (String($0[0]), $0[1].trimmingCharacters(in: .whitespaces)) }, uniquingKeysWith: { $1 })
    }

    @Test("a repository of this host gives nothing that lies elsewhere")
    func alternates() async throws {
        let other = try GitFixture()
        try other.commit("somebody else's")
        let scratch = try Scratch()
        try other.git("clone", "--quiet", "--shared", other.path, "\(scratch.path)/shared")
        let bench = try GitBench("\(scratch.path)/shared")
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure != nil)
        #expect(try await GitBench(other.path).follow() == CommitID(other.git("rev-parse", "HEAD")))
    }

    @Test("a mirror that an older version left is used where it is, and no server is asked for it again")
    func olderMirror() async throws {
        let repository = try GitFixture()
        let id = try #require(CommitID(try repository.commit("first")))
        let first = try GitBench(repository.path)
        try await first.follow()
        try FileManager.default.moveItem(atPath: first.mirror, toPath: "\(first.state)/mirror.git")
        try FileManager.default.removeItem(atPath: first.git)
        try Paths.write(Data(), to: "\(first.state)/mirror.git.lock")
        let second = try GitBench("/nonexistent", scratch: first.scratch)
        #expect(try await second.source.hasComplete(id))
        #expect(try Paths.names(in: second.state) == ["git"])
    }
}
