import ContainerEngine
import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("Networks", .enabled(if: EngineFixture.canRun))
struct NetworkTests {
    @Test("let containers find each other by their aliases, and publish ports on the addresses that are asked for")
    func namesAndPorts() async throws {
        try await EngineFixture.with { fixture in
            let port = try LoopbackPort.free()
            var server = try await fixture.spec("server", image: PodmanTestImage("3.43.2"))
            server.aliases = ["web", "www"]
            server.ports = [try #require(PortMapping("127.0.0.1:\(port):8080"))]
            _ = try await fixture.run(server)
            let client = try await fixture.run(
                try await fixture.spec("client", image: PodmanTestImage("1", command: "/bin/sleep", "1000")))
            for alias in ["web", "www", server.name] {
                #expect(
                    try await EngineFixture.eventually {
                        let check = HealthCheck.command([
                            "/bin/wget", "-q", "-O", "/dev/null", "http://\(alias):8080/version",
                        ])
                        return await fixture.engine.probe(check, container: client, timeout: .seconds(5)) == .healthy
                    }, "\(alias)")
            }
            let text = try await Command("/usr/bin/curl", ["-sS", "http://127.0.0.1:\(port)/version"]).run().text
            #expect(text == "3.43.2\n")
        }
    }

    @Test("without a name server leave port 53 to the host, and containers know each other by what they are told")
    func unnamed() async throws {
        try await EngineFixture.with { fixture in
            let name = fixture.sandbox.id + "-net"
            try await fixture.engine.createNetwork(name: name, as: NetworkPlan(), labels: [:], resolvesNames: false)
            let network = try #require(try await fixture.engine.allNetworks().first { $0.name == name })
            #expect(!network.resolvesNames)
            let gateway = try #require(network.gateways.first)
            let table = AddressTable(of: ["web"], on: network)
            var server = try await fixture.spec("server", image: PodmanTestImage("3.43.2"))
            (server.network, server.addresses) = (name, table.addresses(of: ["web"])["web"] ?? [])
            let web = try await fixture.run(server)
            #expect(web.addresses == Set(server.addresses))
            var client = try await fixture.spec("client", image: PodmanTestImage("1", command: "/bin/sleep", "1000"))
            (client.network, client.hosts) = (name, ["web": try #require(server.addresses.first)])
            let asking = try await fixture.run(client)
            let check = HealthCheck.command(["/bin/wget", "-q", "-O", "/dev/null", "http://web:8080/version"])
            #expect(
                try await EngineFixture.eventually {
                    await fixture.engine.probe(check, container: asking, timeout: .seconds(5)) == .healthy
                })
            let named = try await fixture.engine.allNetworks().first { $0.name == fixture.sandbox.id }
            #expect(named?.resolvesNames == true)
            let sockets = try await Command("/usr/bin/ss", ["-lnu", "sport", "=", ":53"]).run().text
            #expect(!sockets.contains("\(gateway):53"), "\(sockets)")
        }
    }

    @Test("are found by label, refused twice, kept while in use, and gone without an error")
    func lifecycle() async throws {
        try await EngineFixture.with { fixture in
            let name = fixture.sandbox.id + "-net"
            try await fixture.engine.createNetwork(name: name, as: NetworkPlan(), labels: ["stack": "a"])
            #expect(try await fixture.engine.networks(label: "stack", value: "a") == [name])
            #expect(try await fixture.engine.networks(label: "stack", value: nil) == [name])
            #expect(try await fixture.engine.networks(label: "stack", value: "b").isEmpty)
            let again = await engineError {
                try await fixture.engine.createNetwork(name: name, as: NetworkPlan(), labels: [:])
            }
            #expect(again?.message.hasPrefix("cannot create network '\(name)': ") == true)

            var spec = try await fixture.spec()
            spec.network = name
            let id = try await fixture.engine.create(spec)
            let used = await engineError { try await fixture.engine.removeNetwork(name) }
            #expect(used?.message.contains("used") == true)
            try await fixture.engine.removeContainer(id)
            for _ in 0..<2 { try await fixture.engine.removeNetwork(name) }
            #expect(try await fixture.engine.networks(label: "stack", value: nil).isEmpty)
        }
    }

    @Test("tell their subnets and labels, and let go of the containers in them")
    func detach() async throws {
        try await EngineFixture.with { fixture in
            let running = try await fixture.run(try await fixture.spec())
            let network = try #require(
                try await fixture.engine.allNetworks().first { $0.name == fixture.sandbox.id })
            #expect(network.subnets == [Subnet(fixture.sandbox.subnet)])
            #expect(network.labels == ["of": fixture.sandbox.id])
            #expect(try await fixture.engine.detachContainers(from: network.name) == [running.name])
            #expect(try await fixture.engine.detachContainers(from: network.name) == [])
            try await fixture.engine.removeNetwork(network.name)
            #expect(try await fixture.engine.inspect(running.id)?.state == .running)
        }
    }

    @Test("have the subnet of the plan and a bridge whose name does not change")
    func subnet() async throws {
        try await EngineFixture.with { fixture in
            let name = fixture.sandbox.id
            var bridges: Set<String> = []
            for _ in 0..<2 {
                try await fixture.engine.createNetwork(
                    name: name, as: NetworkPlan(subnet: fixture.sandbox.subnet), labels: [:])
                let text = try await fixture.sandbox.podman(
                    "network", "inspect", "--format", "{{.NetworkInterface}} {{range .Subnets}}{{.Subnet}}{{end}}", name
                )
                #expect(text.hasSuffix(" " + fixture.sandbox.subnet))
                bridges.insert(String(text.prefix { $0 != " " }))
                try await fixture.engine.removeNetwork(name)
            }
            #expect(bridges.count == 1)
            #expect(bridges.first?.count == 13)
        }
    }

    @Test("that are isolated let containers find each other, and nothing else: not the host, nor its published ports")
    func isolated() async throws {
        try await EngineFixture.with { fixture in
            let port = try LoopbackPort.free()
            var other = try await fixture.spec("other")
            other.ports = [try #require(PortMapping("\(port):8080"))]
            let published = try await fixture.run(other)
            let name = "\(fixture.sandbox.id)-isolated"
            try await fixture.engine.createIsolatedNetwork(name: name, subnet: "198.18.77.0/24", labels: [:])
            var server = try await fixture.spec("server")
            (server.network, server.addresses, server.restarts, server.yields) = (name, ["198.18.77.2"], false, true)
            _ = try await fixture.run(server)
            var client = try await fixture.spec("client", image: PodmanTestImage("1", command: "/bin/sleep", "1000"))
            (client.network, client.addresses, client.hosts) = (name, ["198.18.77.3"], ["db": "198.18.77.2"])
            let asking = try await fixture.run(client)
            func ask(_ address: String) async -> ProbeResult {
                let check = HealthCheck.command(["/bin/wget", "-q", "-O", "/dev/null", "http://\(address)/version"])
                return await fixture.engine.probe(check, container: asking, timeout: .seconds(10))
            }
            #expect(try await EngineFixture.eventually { await ask("db:8080") == .healthy })

            let list = try await Command("/usr/sbin/ip", ["-4", "-o", "addr", "show"]).run().text
            let host = list.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst(3).first }
                .compactMap { $0.split(separator: "/").first.map(String.init) }.filter { !$0.hasPrefix("127.") }
            #expect(!host.isEmpty)
            let address = try #require(published.address)
            let outside = try await Command("/usr/bin/curl", ["-sS", "http://\(address):8080/version"]).run()
            #expect(!outside.text.isEmpty)
            for target in host.prefix(4).map({ "\($0):\(port)" }) + ["\(address):8080", "192.0.2.1:80"] {
                guard case .unhealthy(let reason) = await ask(target) else {
                    Issue.record("'\(target)' can be reached")
                    continue
                }
                #expect(reason.contains("unreachable"), "\(target): \(reason)")
            }
            let settings = try await fixture.sandbox.podman(
                "inspect", "--format",
                "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.CpuShares}} {{.HostConfig.OomScoreAdj}}", server.name)
            #expect(settings == "no 128 800")
        }
    }
}
