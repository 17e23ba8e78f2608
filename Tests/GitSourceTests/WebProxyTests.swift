import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite(
    "git by a web proxy",
    .enabled(if: GitServerTools.hasHTTPS && WebProxyFixture.unavailable == nil, "needs nginx, fcgiwrap and tinyproxy"))
struct WebProxyTests {
    let root: Scratch
    let id: CommitID

    init() throws {
        let repository = try GitFixture()
        root = try Scratch()
        try repository.write("plan.json", "{}")
        id = try #require(CommitID(try repository.commit("first")))
        try repository.git("clone", "--quiet", "--bare", repository.path, "\(root.path)/acme.git")
    }

    /// By a name that leads nowhere but through the proxy.
    private func bench(_ server: GitHTTPSServer, by proxy: WebProxy?) throws -> GitBench {
        try GitBench("https://\(WebProxyFixture.hiddenName):\(server.port)/git/acme.git") {
            $0.caFile = server.authority
            $0.tokenFile = server.tokenFile
            $0.username = GitHTTPSServer.username
            $0.proxy = proxy
        }
    }

    @Test("a repository is followed by the proxy, and not at all without it")
    func follows() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let proxy = try await WebProxyFixture.start()
        #expect(try await bench(server, by: WebProxy(url: proxy.address)).follow() == id)
        let way = "CONNECT \(WebProxyFixture.hiddenName):\(server.port) HTTP/1.1"
        #expect(proxy.requests().first == way)
        let failure = await gitFailure { try await bench(server, by: nil).follow() }
        #expect(failure?.kind == .network)
        #expect(Set(proxy.requests()) == [way])
    }

    @Test("a proxy that wants a login gets it from the file; another one is refused, and no password is shown")
    func login() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let proxy = try await WebProxyFixture.start(login: true)
        let file = try proxy.passwordFile()
        let right = try WebProxy(url: proxy.address, username: WebProxyFixture.user, passwordFile: file)
        #expect(try await bench(server, by: right).follow() == id)
        #expect(try await GitBench("file://\(root.path)/acme.git") { $0.proxy = right }.follow() == id)

        _ = try proxy.passwordFile("canary-wrong")
        let wrong = await gitFailure { try await bench(server, by: right).follow() }
        #expect(wrong?.kind == .authentication, "\(wrong as Any)")
        #expect(wrong?.message.contains("does not accept user 'vsn' with the password in '\(file)'") == true)
        let none = await gitFailure { try await bench(server, by: WebProxy(url: proxy.address)).follow() }
        #expect(none?.kind == .authentication, "\(none as Any)")
        #expect(none?.message.contains("wants a login") == true)
        for failure in [wrong, none] { #expect("\(failure as Any)".contains("canary") == false) }
    }

    @Test("a password file that others can read stops the fetch and is named")
    func openPassword() async throws {
        let proxy = try await WebProxyFixture.start(login: true)
        let file = try proxy.passwordFile()
        #expect(chmod(file, 0o644) == 0)
        let failure = await gitFailure {
            try await GitBench("https://git.example.com/acme.git") {
                $0.proxy = try? WebProxy(url: proxy.address, username: "vsn", passwordFile: file)
            }.follow()
        }
        #expect(failure?.kind == .configuration)
        #expect(failure?.hint == "chmod 0600 \(file)")
        #expect(proxy.requests().isEmpty)
    }

    @Test("what is an exception, or no web server, is asked directly")
    func exceptions() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let proxy = try await WebProxyFixture.start()
        let exceptions = try #require(ProxyExceptions([".behind-proxy.test"]))
        let web = try WebProxy(url: proxy.address, exceptions: exceptions)
        let failure = await gitFailure { try await bench(server, by: web).follow() }
        #expect(failure?.kind == .network)
        let local = try GitBench(server.url(of: "acme.git")) {
            $0.caFile = server.authority
            $0.tokenFile = server.tokenFile
            $0.username = GitHTTPSServer.username
            $0.proxy = web
        }
        #expect(try await local.follow() == id)
        #expect(proxy.requests().isEmpty)
    }

    @Test("a proxy that is down, and one that opens no way, are named as what fails")
    func broken() async throws {
        let server = try await GitHTTPSServer(root: root.path)
        let down = try WebProxy(url: "http://127.0.0.1:1")
        let unreachable = await gitFailure { try await bench(server, by: down).follow() }
        #expect(unreachable?.message.contains("the web proxy 'http://127.0.0.1:1' is not reached") == true)
        let proxy = try await WebProxyFixture.start()
        let web = try WebProxy(url: proxy.address)
        let refused = await gitFailure {
            try await GitBench("https://no.such-host.test/a.git") { $0.proxy = web }.follow()
        }
        #expect(
            refused?.message.contains("the web proxy '\(proxy.address)' opens no way there") == true,
            "\(refused as Any)")
        #expect(refused?.kind == .network)
    }
}
