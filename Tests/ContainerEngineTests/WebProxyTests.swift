import ContainerEngine
import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("By a web proxy", .enabled(if: EngineFixture.canRun && WebProxyFixture.unavailable == nil))
struct WebProxyTests {
    private func proxy(_ fixture: WebProxyFixture, not exceptions: [String] = []) throws -> WebProxy {
        try WebProxy(
            url: fixture.address, username: WebProxyFixture.user, passwordFile: try fixture.passwordFile(),
            exceptions: try #require(ProxyExceptions(exceptions)))
    }

    @Test(
        "a service that is started here pulls, and no container gets the proxy",
        .enabled(if: RegistryFixture.unavailable == nil))
    func pull() async throws {
        let server = try await WebProxyFixture.start(login: true)
        let web = try proxy(server)
        try await RegistryFixture.with { registry in
            let digest = try await registry.push(PodmanTestImage("1"), repository: "acme/web", tag: "1")
            let port = try #require(registry.address.split(separator: ":").last)
            let hidden = "\(WebProxyFixture.hiddenName):\(port)"
            let change = EngineChange { $0.proxy = web }
            try await EngineFixture.with(insecureRegistries: [hidden], changing: change) { fixture in
                // Of several 'Accept' lines tinyproxy passes on one, so that by its tag another manifest would be served.
                let image = try #require(ImageReference("\(hidden)/acme/web@\(digest)"))
                let pulled = try await fixture.engine.pull(image, credentials: nil) { _ in }
                #expect(pulled.digest == digest, "\(pulled)")
                #expect(server.requests().contains { $0.contains(hidden) })
                let container = try await fixture.run(try await fixture.spec())
                let variables = try await fixture.sandbox.podman(
                    "inspect", "--format", "{{json .Config.Env}}", container.id)
                #expect(variables.contains("PATH"))
                #expect(!variables.lowercased().contains("proxy"), "\(variables)")
            }
        }
    }

    @Test("an archive is downloaded by it, one of an exception is not, and a wrong password fails without being shown")
    func archive() async throws {
        let server = try await TLSFileServer.start(files: ["image.tar": "no archive"])
        defer { server.stop() }
        let fixture = try await WebProxyFixture.start(login: true)
        let web = try proxy(fixture)
        let sum = try await Command("/usr/bin/sha256sum", ["\(server.scratch.path)/image.tar"]).run().text.prefix(64)
        let url = "https://\(WebProxyFixture.hiddenName):\(server.port)/image.tar"
        func load(_ proxy: WebProxy?) async throws -> EngineError? {
            let change = EngineChange {
                $0.proxy = proxy
                $0.caFile = server.caFile
            }
            return try await EngineFixture.with(changing: change) { engine in
                await engineError {
                    try await engine.engine.load(ImageArchive(url: url, sha256: String(sum))) { _ in }
                }
            }
        }
        // It came whole: what is wrong with it is its content.
        #expect(try await load(web)?.message.contains("image formats") == true)
        #expect(fixture.requests() == ["CONNECT \(WebProxyFixture.hiddenName):\(server.port) HTTP/1.1"])
        #expect(try await load(nil)?.message.contains("resolve") == true)
        #expect(try await load(try proxy(fixture, not: ["behind-proxy.test"]))?.message.contains("resolve") == true)
        #expect(fixture.requests().count == 1)
        _ = try fixture.passwordFile("canary-wrong")
        let wrong = try await load(
            try WebProxy(
                url: fixture.address, username: "vsn", passwordFile: try fixture.passwordFile("canary-wrong")))
        #expect(wrong?.message.contains("by the web proxy '\(fixture.address)'") == true, "\(wrong as Any)")
        #expect(wrong?.disposition == .transient)
        let none = try await load(try WebProxy(url: fixture.address))
        #expect(none?.message.contains("wants a login") == true, "\(none as Any)")
        for error in [wrong, none] { #expect("\(error as Any)".contains("canary") == false) }
    }

    @Test("a service that was started in a directory which is gone by now still starts containers")
    func directory() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.engine.allContainers()
            let pid = try #require(fixture.sandbox.servicePIDs().first)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd") == "/")
        }
    }
}

@Suite("The web proxy of a service that systemd starts")
struct ServiceProxyTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        // In systemctl's place, it only notes what it was asked for.
        try scratch.install("#!/bin/sh\necho \"$*\" >>\(scratch.path)/calls\n", to: "bin/systemctl")
    }

    private var calls: [Substring] {
        let text = (try? String(contentsOfFile: "\(scratch.path)/calls", encoding: .utf8)) ?? ""
        return text.split(separator: "\n")
    }

    private func service(_ proxy: WebProxy?) -> ServiceProxy {
        var service = ServiceProxy(proxy: proxy, stateDirectory: scratch.path, isSystemd: true)
        service.directory = "\(scratch.path)/units/podman.service.d"
        service.commandPath = "\(scratch.path)/bin"
        return service
    }

    @Test("is a drop-in that names a file only root reads, follows the password, and goes when the proxy goes")
    func dropIn() async throws {
        let password = try scratch.write("canary-1", to: "password")
        #expect(chmod(password, 0o600) == 0)
        let proxy = try WebProxy(url: "http://proxy:3128", username: "vsn", passwordFile: password)
        let service = service(proxy)
        #expect(try service.state() == .differs)
        #expect(try await service.establish())
        let dropIn = try String(contentsOfFile: service.dropIn, encoding: .utf8)
        let file = "\(scratch.path)/engine-proxy.env"
        #expect(dropIn.contains("[Service]\nEnvironmentFile=-\(file)\n"))
        #expect(!dropIn.contains("canary"))
        let variables = try String(contentsOfFile: file, encoding: .utf8)
        #expect(variables.contains("HTTPS_PROXY=http://vsn:canary-1@proxy:3128\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(calls == ["daemon-reload", "try-restart podman.service"])

        #expect(try service.state() == .whole)
        #expect(try await service.establish() == false)
        #expect(calls.count == 2)

        try "canary-2".write(toFile: password, atomically: false, encoding: .utf8)
        #expect(try service.state() == .differs)
        #expect(try await service.establish())
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("canary-2"))

        let none = self.service(nil)
        #expect(try none.state() == .differs)
        #expect(try await none.establish())
        #expect(!FileManager.default.fileExists(atPath: service.dropIn))
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try none.state() == .whole)
        #expect(calls.count == 6)
    }

    @Test("is left alone where systemd does not start the service")
    func elsewhere() async throws {
        var service = ServiceProxy(
            proxy: try WebProxy(url: "http://proxy:3128"), stateDirectory: scratch.path, isSystemd: false)
        service.directory = "\(scratch.path)/units"
        #expect(try service.state() == .notSystemd)
        #expect(try await service.establish() == false)
        #expect(!FileManager.default.fileExists(atPath: service.dropIn))
    }
}
