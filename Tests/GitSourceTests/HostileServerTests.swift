import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite("servers that misbehave")
struct HostileServerTests {
    private static let refs = "application/x-git-upload-pack-advertisement"

    @Test("a silent server is given up at the deadline", arguments: ["http", "https", "git", "ssh"])
    func silent(scheme: String) async throws {
        let server = try GitHostileServer(.silent)
        try await expectDeadline("\(scheme)://127.0.0.1:\(server.port)/repo.git")
    }

    @Test("a server that drips is given up at the deadline of the whole operation")
    func drip() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: \(Self.refs)\r\n\r\n001e# service=git-upload-pack\n0000"
        let line = "003f" + String(repeating: "a", count: 40) + " refs/heads/branch\n"
        let server = try GitHostileServer(.drip(head, repeating: line))
        try await expectDeadline("http://127.0.0.1:\(server.port)/repo.git")
    }

    private func expectDeadline(_ url: String) async throws {
        let bench = try GitBench(url) { $0.timeout = .seconds(1) }
        let start = ContinuousClock.now
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .network)
        #expect(failure?.message == "cannot read '\(url)': no complete answer within 1 s")
        #expect(ContinuousClock.now - start < .seconds(25))
    }

    @Test(
        "an http error page is told from git",
        arguments: [
            (GitHostileServer.page("500 Internal Server Error"), GitFailure.Kind.server, "http status 500"),
            (GitHostileServer.page("503 Service Unavailable"), .server, "http status 503"),
            (GitHostileServer.page("403 Forbidden"), .authentication, "http status 403"),
            (GitHostileServer.page("404 Not Found"), .notFound, "no such repository"),
            (GitHostileServer.page("200 OK"), .server, "content-type"),
            (GitHostileServer.page("200 OK", type: refs, body: "garbage that is no git"), .server, "cannot read"),
            (.answer("SSH-2.0-nonsense\r\n"), .server, "cannot read"),
            (.answer(""), .server, "cannot read"),
        ])
    func page(manner: GitHostileServer.Manner, kind: GitFailure.Kind, text: String) async throws {
        let server = try GitHostileServer(manner)
        let url = "http://127.0.0.1:\(server.port)/repo.git"
        let failure = await gitFailure { _ = try await GitBench(url).source.remoteTip() }
        #expect(failure?.kind == kind)
        #expect(failure?.message.contains(text) == true)
        #expect(failure?.message.contains(url) == true)
        #expect(failure?.hint.isEmpty == false)
    }

    @Test("a server of another protocol behind git:// is an error")
    func gitGarbage() async throws {
        let server = try GitHostileServer(.answer("220 mail ready\r\n"))
        let bench = try GitBench("git://127.0.0.1:\(server.port)/repo.git")
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .server)
    }

    @Test("M6: a server's own words in an error are cut, and steer no terminal")
    func words() async throws {
        let words = "ERR \u{1b}[2J\u{202E}" + String(repeating: "x", count: 2000)
        let length = String(words.utf8.count + 4, radix: 16)
        let line = String(repeating: "0", count: 4 - length.count) + length + words
        let server = try GitHostileServer(.answer(line))
        let bench = try GitBench("git://127.0.0.1:\(server.port)/repo.git")
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.message.contains("<U+001B>[2J<U+202E>xxx") == true, "\(failure?.message ?? "")")
        #expect((failure?.message.utf8.count ?? 0) < 1000)
    }

    @Test("a server that repeats the token, or the header that it came in, is quoted without it")
    func repeatedToken() async throws {
        let scratch = try Scratch()
        let token = "canary-0123456789"
        for form in [token, "Basic " + Data("vsn1:\(token)".utf8).base64EncodedString()] {
            let words = "ERR you sent \(form)"
            let line = "00" + String(words.utf8.count + 4, radix: 16) + words
            let server = try GitHostileServer(
                GitHostileServer.page("200 OK", type: Self.refs, body: "001e# service=git-upload-pack\n0000" + line))
            let file = try scratch.write(token, to: "token")
            let bench = try GitBench("http://127.0.0.1:\(server.port)/repo.git") { $0.tokenFile = file }
            let failure = await gitFailure { _ = try await bench.source.remoteTip() }
            let said = failure?.message ?? ""
            #expect(
                said.contains("you sent ") && said.contains("[secret]") && !said.contains(form.suffix(9)), "\(said)")
        }
    }

    @Test("a refused connection and an unknown host are network failures", arguments: ["http", "https", "git", "ssh"])
    func unreachable(scheme: String) async throws {
        for host in ["127.0.0.1:1", "nonexistent.invalid"] {
            let failure = await gitFailure { _ = try await GitBench("\(scheme)://\(host)/r.git").source.remoteTip() }
            #expect(failure?.kind == .network)
            #expect(failure?.message.contains(host) == true)
        }
    }

    @Test("a redirect to another host is not followed")
    func redirect() async throws {
        let other = try GitHostileServer(.silent)
        let location = "Location: http://localhost:\(other.port)/repo.git/info/refs?service=git-upload-pack"
        let server = try GitHostileServer(
            .answer("HTTP/1.1 302 Found\r\n\(location)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        let bench = try GitBench("http://127.0.0.1:\(server.port)/repo.git")
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.message.contains("redirect") == true)
    }

    @Test("a pack above the limit is broken off, and nothing of it stays", arguments: ["", "file://"])
    func packLimit(scheme: String) async throws {
        let repository = try GitFixture()
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<100_000).map { _ in String(generator.next(), radix: 36) }.joined()
        try repository.write("plan.json", noise)
        try repository.commit("large")
        let bench = try GitBench(scheme + repository.path) { $0.packLimit = ByteCount(bytes: 200 << 10) }
        let failure = await gitFailure { try await bench.follow() }
        #expect(failure?.kind == .packLimit)
        #expect(failure?.message.contains("more than 200 KiB") == true)
        #expect(try Paths.names(in: bench.git) == ["mirror.git.lock"])

        // Not with every poll: the server is not asked for the same pack again, until there is another commit.
        let tip = try await bench.source.remoteTip()
        let away = repository.path + ".away"
        try FileManager.default.moveItem(atPath: repository.path, toPath: away)
        #expect(await gitFailure { try await bench.source.fetch(tip) } == failure)
        try FileManager.default.moveItem(atPath: away, toPath: repository.path)
        try repository.write("plan.json", "{}")
        try repository.commit("small again")
        #expect(await gitFailure { try await bench.follow() }?.kind == .packLimit)
        let roomy = try GitBench(scheme + repository.path)
        #expect(try await roomy.follow().hex == repository.head())
    }

    @Test("cancelling ends the child at once")
    func cancelled() async throws {
        let server = try GitHostileServer(.silent)
        let bench = try GitBench("http://127.0.0.1:\(server.port)/repo.git")
        let start = ContinuousClock.now
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await bench.source.remoteTip() }
            }
            try? await Task.sleep(for: .milliseconds(300))
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start < .seconds(25))
    }
}
