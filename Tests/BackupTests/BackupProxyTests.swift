import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

@Suite("A storage by a web proxy", .enabled(if: WebProxyFixture.unavailable == nil && RcloneServer.isInstalled))
struct BackupProxyTests {
    private func store(
        _ server: RcloneServer, by proxy: WebProxyFixture, password: String = WebProxyFixture.password,
        not exceptions: [String] = []
    ) async throws -> BackupStore {
        var host = try HostFixture()
        host.configuration.proxy = try WebProxy(
            url: proxy.address, username: WebProxyFixture.user, passwordFile: try proxy.passwordFile(password),
            exceptions: try #require(ProxyExceptions(exceptions)))
        var options = server.webdav
        options["url"] = "http://\(WebProxyFixture.hiddenName):\(server.port)"
        return try await rcloneStore(options, path: "acme", of: host)
    }

    @Test("is read and written through it by a name that only the proxy resolves, and directly as an exception")
    func webdav() async throws {
        let server = try await RcloneServer(.webdav)
        let proxy = try await WebProxyFixture.start(login: true)
        try FileManager.default.createDirectory(
            atPath: "\(server.directory)/acme", withIntermediateDirectories: true)
        try await store(server, by: proxy).check()
        let count = proxy.requests().count
        #expect(count > 0)
        #expect(proxy.requests().allSatisfy { $0.contains(WebProxyFixture.hiddenName) })
        await #expect(throws: HostError.self) {
            try await store(server, by: proxy, not: [WebProxyFixture.hiddenName]).check()
        }
        #expect(proxy.requests().count == count)
    }

    @Test("a wrong password for the proxy fails without showing it")
    func wrongPassword() async throws {
        let server = try await RcloneServer(.webdav)
        let proxy = try await WebProxyFixture.start(login: true)
        let error = await #expect(throws: HostError.self) {
            try await store(server, by: proxy, password: "canary-wrong").check()
        }
        #expect("\(error as Any)".contains("canary") == false, "\(error as Any)")
    }
}

@Suite("Asking a web proxy", .enabled(if: WebProxyFixture.unavailable == nil))
struct ProxyProbeTests {
    @Test("tells a way that is open from a login that is refused, a server that is not reached and no proxy at all")
    func answers() async throws {
        let host = try HostFixture().host
        let proxy = try await WebProxyFixture.start(login: true)
        let open = try LoopbackPort.free()
        let listener = try LoopbackPort.listener(open)
        defer { close(listener) }
        func ask(_ password: String?, port: UInt16) async throws -> ProxyAnswer {
            let web = try WebProxy(
                url: proxy.address, username: password == nil ? nil : WebProxyFixture.user,
                passwordFile: try password.map { try proxy.passwordFile($0) })
            return try await host.ask(web, for: WebProxyFixture.hiddenName, port: Int(port))
        }
        #expect(try await ask(WebProxyFixture.password, port: open) == .open)
        #expect(try await ask("canary-wrong", port: open) == .loginRefused)
        #expect(try await ask(nil, port: open) == .loginRefused)
        guard case .refused = try await ask(WebProxyFixture.password, port: try LoopbackPort.free()) else {
            Issue.record("a server that is not there counts as reached")
            return
        }
        proxy.stop()
        guard case .unreachable(let why) = try await ask(WebProxyFixture.password, port: open) else {
            Issue.record("a proxy that is not there answers")
            return
        }
        #expect(why.contains("connect"))
    }
}
