import Foundation
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("S: the health-check job asks published ports from the host", .enabled(if: PodmanSandbox.unavailable == nil))
struct HealthJobPortTests {
    /// A stack of one container `web`, which publishes `ports` and serves on 8080.
    private func with(
        _ ports: [String], restart: Bool = true, _ body: (HealthJobBench, PodmanSandbox) async throws -> Void
    ) async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            var web = ContainerPlan.checked(.page, restart: restart)
            web.ports = ports.compactMap(PortMapping.init)
            try #require(web.ports.count == ports.count)
            bench.plan.containers = ["web": web]
            let published = web.ports.flatMap { port in
                let place = port.address.map { "\($0):" } ?? ""
                return ["--publish", "\(place)\(port.hostPort):\(port.containerPort)/\(port.transport)"]
            }
            try await sandbox.podman(
                [
                    "run", "--detach", "--name", "\(bench.stack)-web", "--network", bench.stack, "--label",
                    "io.fairlead.stack=\(bench.stack)", "--init=false", "--stop-timeout", "1",
                ] + published + ["web:1"])
            try await body(bench, sandbox)
        }
    }

    private func serves(_ port: UInt16) async throws -> Bool {
        let words = ["--silent", "--fail", "--max-time", "5", "http://127.0.0.1:\(port)/version"]
        return try await Command("/usr/bin/curl", words).runToEnd().status == 0
    }

    @Test("ports that answer make no noise; rules that are gone are written anew, and the container runs on")
    func renewed() async throws {
        let (tcp, every, udp) = (try LoopbackPort.free(), try LoopbackPort.free(), try LoopbackPort.free())
        try await with(["127.0.0.1:\(tcp):8080", "\(every):8080", "\(udp):53/udp"]) { bench, sandbox in
            let ended = try await bench.run()
            #expect(ended.status == 0 && ended.output.isEmpty && ended.errorTail.isEmpty)
            #expect(try bench.summary() == "1 container healthy")
            #expect(try bench.jobs.log("health-check").isEmpty)
            let process = try await bench.state("web", "{{.State.Pid}}", in: sandbox)
            for (port, transport) in [(tcp, "tcp"), (every, "tcp"), (udp, "udp")] {
                try await PortRules.remove(port, transport)
                try await bench.run()
                #expect(try bench.summary() == "1 container healthy", "\(transport) \(port)")
                #expect(try bench.jobs.log("health-check").contains("wrote its rules anew"), "\(transport) \(port)")
            }
            #expect(try await serves(tcp))
            #expect(try await serves(every))
            #expect(try bench.events().isEmpty && bench.mails().isEmpty)
            #expect(try await bench.state("web", "{{.State.Pid}}", in: sandbox) == process)
        }
    }

    @Test(
        "a rule that leads whoever comes from outside to another container is none of this one's, though the host is served"
    )
    func stale() async throws {
        let port = try LoopbackPort.free()
        try await with(["\(port):8080"], restart: false) { bench, _ in
            let match = ["PREROUTING", "-p", "tcp", "--dport", "\(port)", "-m", "addrtype", "--dst-type", "LOCAL"]
            let rule = match + ["-j", "DNAT", "--to-destination", "192.0.2.9:53"]
            let iptables = { (verb: String) in
                _ = try await Command("/usr/sbin/iptables", ["-w", "10", "-t", "nat", verb] + rule).run()
            }
            try await iptables("-I")
            let ended = try? await bench.run()
            try await iptables("-D")
            #expect(ended?.status == 0)
            #expect(try bench.summary().contains("leads what arrives to 192.0.2.9:53, not to the container"))
            try await bench.run()
            #expect(try bench.summary() == "1 container healthy")
        }
    }

    @Test("a port that somebody else leads away is an incident until it answers")
    func diverted() async throws {
        let port = try LoopbackPort.free()
        try await with(["127.0.0.1:\(port):8080"], restart: false) { bench, _ in
            let match = ["OUTPUT", "-d", "127.0.0.1/32", "-p", "tcp", "--dport", "\(port)"]
            let rule = match + ["-j", "REDIRECT", "--to-ports", "1"]
            let iptables = { (verb: String) in
                _ = try await Command("/usr/sbin/iptables", ["-w", "10", "-t", "nat", verb] + rule).run()
            }
            try await iptables("-I")
            // Whatever comes of it, the rule goes.
            let ended = try? await bench.run()
            try await iptables("-D")
            #expect(ended?.status == 0)
            #expect(try bench.summary().contains("port '127.0.0.1:\(port):8080' is dead"))
            #expect(try bench.events() == ["web opened"])
            for _ in 1...2 { try await bench.run() }
            #expect(try bench.events() == ["web opened", "web closed"])
        }
    }

    @Test("a container that is well but for a port on which nothing listens is told of, never restarted")
    func unheard() async throws {
        let port = try LoopbackPort.free()
        try await with(["127.0.0.1:\(port):9999"]) { bench, sandbox in
            let started = try await bench.startedAt("web", in: sandbox)
            // It may still come to listen.
            try await bench.run()
            #expect(try bench.summary() == "1 container healthy")
            let path = try bench.script()
            let patient = try String(contentsOfFile: path, encoding: .utf8)
            let text = patient.replacing("LISTEN_PATIENCE=60", with: "LISTEN_PATIENCE=0")
            try Data(text.utf8).write(to: URL(filePath: path))
            for _ in 1...4 { try await bench.jobs.run(path) }
            #expect(try bench.summary().contains("does not answer, and 9999 inside does not either"))
            #expect(try bench.events() == ["web opened"])
            #expect(try await bench.startedAt("web", in: sandbox) == started)
        }
    }
}
