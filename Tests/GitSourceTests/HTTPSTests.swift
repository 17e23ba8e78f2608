import GitSource
import Model
import TestSupport
import Testing

@Suite("https", .enabled(if: GitServerTools.hasHTTPS, "needs nginx, fcgiwrap, openssl and git"))
struct HTTPSTests {
    let repository: GitFixture
    let scratch: Scratch
    let id: CommitID

    init() throws {
        repository = try GitFixture()
        scratch = try Scratch()
        try repository.write("plan.json", "{}")
        id = try #require(CommitID(try repository.commit("first")))
        try repository.git("clone", "--quiet", "--bare", repository.path, "\(scratch.path)/acme.git")
    }

    private func bench(
        _ server: GitHTTPSServer, _ configure: (inout RepositoryLocation) -> Void = { _ in }
    ) throws -> GitBench {
        try GitBench(server.url(of: "acme.git")) {
            $0.caFile = server.authority
            $0.tokenFile = server.tokenFile
            $0.username = GitHTTPSServer.username
            configure(&$0)
        }
    }

    @Test("a token from a file and an own certificate authority fetch")
    func token() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let bench = try bench(server)
        let tip = try await bench.source.remoteTip()
        #expect(tip == RemoteTip(commit: id, servedBy: server.url(of: "acme.git")))
        try await bench.source.fetch(tip)
        #expect(try await bench.source.tree(at: id).content(of: "plan.json") == Array("{}".utf8))
    }

    @Test("a certificate of an unknown authority is refused, whatever the caller's environment trusts")
    func unknownAuthority() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let failure = await gitFailure { _ = try await bench(server) { $0.caFile = nil }.source.remoteTip() }
        #expect(failure?.kind == .identity)
        #expect(failure?.hint.contains("caFile") == true)
    }

    @Test("a certificate of another host is refused")
    func otherHost() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let url = "https://127.0.0.1:\(server.port)/git/acme.git"
        let failure = await gitFailure { _ = try await bench(server) { $0.url = url }.source.remoteTip() }
        #expect(failure?.kind == .identity)
        #expect(failure?.hint.contains("host name") == true)
    }

    @Test("a wrong token is refused once, named by its file, and shown nowhere")
    func wrongToken() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let file = try scratch.write("canary-wrong-token", to: "wrong")
        let failure = await gitFailure { _ = try await bench(server) { $0.tokenFile = file }.source.remoteTip() }
        #expect(failure?.kind == .authentication)
        #expect(failure?.message.contains("the token in '\(file)' for user 'ci'") == true)
        #expect(failure.map { "\($0)" }?.contains("canary") == false)
    }

    @Test("a missing token asks for one")
    func noToken() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let failure = await gitFailure { _ = try await bench(server) { $0.tokenFile = nil }.source.remoteTip() }
        #expect(failure?.kind == .authentication)
        #expect(failure?.hint == "configure a token file")
    }

    @Test("a token file that is missing or empty is named")
    func tokenFile() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        for file in ["/nonexistent/token", try scratch.write("\n", to: "empty")] {
            let failure = await gitFailure { _ = try await bench(server) { $0.tokenFile = file }.source.remoteTip() }
            #expect(failure?.kind == .configuration)
            #expect(failure?.message.contains(file) == true)
        }
    }

    @Test("a user and a password in the url work, and are shown nowhere")
    func userInformation() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let secret = "\(GitHTTPSServer.username):\(GitHTTPSServer.token)@"
        let url = server.url(of: "acme.git").replacing("https://", with: "https://\(secret)")
        let tip = try await bench(server) { ($0.url, $0.tokenFile) = (url, nil) }.source.remoteTip()
        #expect(tip.commit == id)
        #expect(!"\(tip)".contains(GitHTTPSServer.token))
    }

    @Test("a repository that is not there is not found")
    func missing() async throws {
        let server = try await GitHTTPSServer(root: scratch.path)
        let url = server.url(of: "other.git")
        let failure = await gitFailure { _ = try await bench(server) { $0.url = url }.source.remoteTip() }
        #expect(failure?.kind == .notFound)
    }

    @Test("a repository with SHA-256 object names is told as such, on a disk and by a server")
    func otherNames() async throws {
        let path = "\(scratch.path)/sha256.git"
        try repository.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main", path)
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-C", path]
        try TestProgram("git", identity + ["commit", "--quiet", "--allow-empty", "--message=first"]).run()
        let server = try await GitHTTPSServer(root: scratch.path)
        for url in [path, server.url(of: "sha256.git/.git")] {
            let failure = await gitFailure { _ = try await bench(server) { $0.url = url }.source.remoteTip() }
            #expect(failure?.message.contains("SHA-256") == true, "\(failure as Any)")
            #expect(failure?.hint.contains("--object-format=sha1") == true)
        }
    }

    @Test("a token is not sent over plain http")
    func plain() async throws {
        let file = try scratch.write("canary", to: "token")
        let bench = try GitBench("http://git.example.com/acme.git") { $0.tokenFile = file }
        let failure = await gitFailure { _ = try await bench.source.remoteTip() }
        #expect(failure?.kind == .configuration)
        #expect(failure?.message.contains("plain http") == true)
    }

    @Test("a redirect on the same host is followed")
    func redirect() async throws {
        let server = try await GitHTTPSServer(
            root: scratch.path, extra: "location /old/ { rewrite ^/old/(.*)$ /git/$1 redirect; }")
        let url = server.url(at: "/old/acme.git")
        #expect(try await bench(server) { $0.url = url }.follow() == id)
    }
}
