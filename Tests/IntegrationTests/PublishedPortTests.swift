import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("S: a stack answers, and does not only run", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct PublishedPortTests {
    @Test("a port whose rule is gone is told of at once, and answers again after a look, with the same container")
    func flushed() async throws {
        try await VSN.deployed { vsn in
            let container = try await vsn.containerID("web")
            let address = try await vsn.address(of: "web")
            try await vsn.removePortRules()
            #expect(await vsn.served() == nil)
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains("deployed, but not whole"), "\(status.text)")
            #expect(status.text.contains("port '127.0.0.1:\(vsn.port):8080' is dead"), "\(status.text)")
            #expect(try await vsn.fairlead("status", "--exit-code").status == 3)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("web") == container)
            #expect(try await vsn.address(of: "web") == address)
            #expect(try await vsn.deployments().count == 1)
            #expect(try await vsn.journal().openDrift().isEmpty)
            #expect(try await vsn.journal().drift(limit: 9).map(\.finding.kind) == [.port])
            #expect(try await vsn.journal().openIncidents().isEmpty)
            #expect(
                try await vsn.fairlead("status").text.contains("1.0.0 deployed, but no daemon follows the branch\n"))
        }
    }

    @Test("a dead port is told of only where the plan says report")
    func reported() async throws {
        try await VSN.deployed(with: #"{"drift": "report"}"#) { vsn in
            try await vsn.removePortRules()
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == nil)
            #expect(try await vsn.journal().openDrift().map(\.finding.kind) == [.port])
            #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
        }
    }

    @Test("where a rule of somebody else leads the port away, an incident stays until it is gone")
    func diverted() async throws {
        try await VSN.deployed { vsn in
            let rule = ["OUTPUT", "-d", "127.0.0.1/32", "-p", "tcp", "--dport", "\(vsn.port)", "-j", "REDIRECT"]
            let target = ["--to-ports", "1"]
            try await vsn.iptables(["-I"] + rule + target)
            do {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["web"])
                let failed = try #require(try await vsn.deployments().first)
                #expect(failed.trigger == .drift)
                #expect(failed.outcome == .broken)
                let incidents = try await vsn.fairlead("incidents")
                #expect(incidents.text.contains("is dead"), "\(incidents.text)")
                #expect(try await vsn.fairlead("status").text.contains("deployed, but not whole"))
            } catch {
                try await vsn.iptables(["-D"] + rule + target)
                throw error
            }
            try await vsn.iptables(["-D"] + rule + target)
            try await vsn.waits("for the end of the incident") {
                _ = try await vsn.fairlead("reconcile")
                return try await vsn.journal().openIncidents().isEmpty
            }
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a port on which nothing listens is the plan's fault in step 5, and 'unchecked' says that this is meant")
    func unheard() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let other = try LoopbackPort.free()
            let change = { (word: String) in
                """
                {"containers": {"web": {"health": {"interval": "1s", "retries": 20},
                    "ports": ["127.0.0.1:\(vsn.port):8080", "127.0.0.1:\(other):9999\(word)"]}}}
                """
            }
            try vsn.commit("1.0.0", changes: change(""))
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            #expect(result.errorTail.contains("nothing listens inside on 9999"), "\(result.errorTail)")
            #expect(result.errorTail.contains("9999 unchecked"), "\(result.errorTail)")
            #expect(try await vsn.deployments().first?.outcome == .containerless)
            #expect(try await vsn.journal().failures().allSatisfy { $0.nextAttempt == nil })
            try vsn.commit("1.0.0", changes: change(" unchecked"))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a network of both families serves a port by each, and a port that is dead by one of them is not whole")
    func families() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let groups = (0..<3).map { _ in String(UInt16.random(in: 1 ... .max), radix: 16) }.joined(separator: ":")
            let address = "fd00:\(groups)::5"
            let other = try LoopbackPort.free()
            // By an address of loopback nobody comes to this host.
            let link = "x\(vsn.sandbox.id)"
            let ip = { (words: [String]) in _ = try await Command("/usr/sbin/ip", words).run() }
            try vsn.commit(
                "1.0.0",
                changes: """
                    {"network": {"ipv6": true}, "containers": {"web": {"ports": [
                        "127.0.0.1:\(vsn.port):8080", "[\(address)]:\(vsn.port):8080", "\(other):8080",
                        "\(other):53/udp"]}}}
                    """)
            try await ip(["link", "add", "name", link, "type", "bridge"])
            do {
                try await ip(["link", "set", link, "up"])
                try await ip(["-6", "address", "add", "\(address)/128", "dev", link, "nodad"])
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(result.errorTail)")
                let places = ["[\(address)]:\(vsn.port)", "[\(address)]:\(other)", "127.0.0.1:\(other)"]
                #expect(await pages(places) == ["1.0.0\n", "1.0.0\n", "1.0.0\n"])
                for (program, family) in [("ip6tables", "IPv6"), ("iptables", "IPv4")] {
                    try await PortRules.remove(other, program: program)
                    try await PortRules.remove(other, "udp", program: program)
                    let status = try await vsn.fairlead("status").text
                    #expect(status.contains("port '\(other):8080' is dead"), "\(family): \(status)")
                    #expect(status.contains("port '\(other):53/udp' is dead"), "\(family): \(status)")
                    #expect(status.contains("is dead by IPv6") == (family == "IPv6"), "\(status)")
                }
                #expect(try await vsn.fairlead("reconcile").status == 0)
                #expect(try await vsn.journal().openDrift().isEmpty)
                #expect(await pages(places) == ["1.0.0\n", "1.0.0\n", "1.0.0\n"])
                #expect(await vsn.served() == "1.0.0")
            } catch {
                // Whatever came of it, the machine is as it was.
                try await ip(["link", "delete", link])
                throw error
            }
            try await ip(["link", "delete", link])
        }
    }

    private func pages(_ places: [String]) async -> [String?] {
        var pages: [String?] = []
        for place in places {
            let words = ["--silent", "--fail", "--max-time", "5", "--globoff", "http://\(place)/version"]
            pages.append(try? await Command("/usr/bin/curl", words).run().text)
        }
        return pages
    }

    @Test("'0.0.0.0' is every address, as if it were left out, and who shuts out its users is named and left alone")
    func everyAddress() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit(
                "1.0.0", changes: #"{"containers": {"web": {"ports": ["0.0.0.0:\#(vsn.port):8080"]}}}"#)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            let container = try await vsn.containerID("web")
            let rule = ["FORWARD", "-d", "\(try await vsn.address(of: "web"))/32", "-p", "tcp", "-j", "REJECT"]
            try await vsn.iptables(["-I"] + rule, in: "filter")
            let status = try? await vsn.fairlead("status").text
            _ = try? await vsn.fairlead("reconcile")
            // Whatever came of it, the machine is as it was.
            try await vsn.iptables(["-D"] + rule, in: "filter")
            #expect(
                status?.contains("the host's firewall shuts users out by rule '-A FORWARD -d ") == true,
                "\(status ?? "")")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("web") == container)
            #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.journal().openIncidents().isEmpty)
        }
    }

    @Test("a port of a family that the network lacks is refused, and nothing is touched")
    func foreignFamily() async throws {
        try await VSN.deployed { vsn in
            let container = try await vsn.containerID("web")
            try vsn.commit(
                "1.0.0", changes: #"{"containers": {"web": {"ports": ["[::1]:\#(vsn.port):8080"]}}}"#)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 3, "\(result.errorTail)")
            #expect(result.errorTail.contains("which the stack's network has not"), "\(result.errorTail)")
            #expect(try await vsn.containerID("web") == container)
        }
    }

    @Test("a program that begins to listen late has the time of its health check")
    func late() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let other = try LoopbackPort.free()
            let script = "(sleep 4; exec httpd -f -p 9999 -h /www) & exec httpd -f -p 8080 -h /www"
            try vsn.commit(
                "1.0.0",
                changes: """
                    {"containers": {"web": {"command": ["/bin/sh", "-c", "\(script)"],
                        "ports": ["127.0.0.1:\(vsn.port):8080", "127.0.0.1:\(other):9999"]}}}
                    """)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let late = Command("/usr/bin/curl", ["--silent", "--fail", "http://127.0.0.1:\(other)/version"])
            #expect(try await late.run().text.contains("1.0.0"))
        }
    }
}

@Suite("S: what the engine calls running lives", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct LivingContainerTests {
    @Test("a container whose monitor is gone is made anew")
    func unmonitored() async throws {
        try await VSN.deployed { vsn in
            let before = try await vsn.containerID("web")
            let monitor = try await vsn.inspected("web", "{{.State.ConmonPid}}")
            kill(try #require(pid_t(monitor)), SIGKILL)
            try await vsn.repairs(before, kind: .dead)
        }
    }

    @Test("a container that stops without end is made anew")
    func stopping() async throws {
        let stubborn = "trap '' TERM; httpd -p 8080 -h /www; while :; do sleep 1; done"
        let changes = """
            {"containers": {"web": {"command": ["/bin/sh", "-c", "\(stubborn)"], "init": false, "stopTimeout": "60s"}}}
            """
        try await VSN.deployed(with: changes) { vsn in
            let before = try await vsn.containerID("web")
            let pids = try await vsn.inspected("web", "{{.State.ConmonPid}} {{.State.Pid}}")
            let script = """
                podman stop -t 60 "$0" & stop=$!
                until podman inspect --format '{{.State.Status}}' "$0" | grep -q stopping; do sleep 0.1; done
                kill -9 "$stop" \(pids)
                """
            try await vsn.shell(script, "\(vsn.stack)-web")
            #expect(try await vsn.inspected("web", "{{.State.Status}}") == "stopping")
            try await vsn.repairs(before, kind: .dead)
        }
    }
}

extension VSN {
    fileprivate func inspected(_ name: String, _ format: String) async throws -> String {
        try await sandbox.podman("inspect", "--format", format, "\(stack)-\(name)")
    }

    fileprivate func address(of name: String) async throws -> String {
        try await inspected(name, "{{(index .NetworkSettings.Networks \"\(stack)\").IPAddress}}")
    }

    fileprivate func shell(_ script: String, _ arguments: String...) async throws {
        _ = try await Command(
            "/bin/bash", ["-c", script] + arguments, environment: sandbox.environment, deadline: .seconds(60)
        ).runToEnd()
    }

    fileprivate func iptables(_ arguments: [String], in table: String = "nat") async throws {
        _ = try await Command("/usr/sbin/iptables", ["-w", "10", "-t", table] + arguments).run()
    }

    fileprivate func removePortRules() async throws { try await PortRules.remove(port) }

    /// A look makes `web` anew, whose container was `before`.
    fileprivate func repairs(_ before: String, kind: DriftFinding.Kind) async throws {
        #expect(try await fairlead("status").text.contains("deployed, but not whole"))
        let result = try await fairlead("reconcile")
        #expect(result.status == 0, "\(result.errorTail)")
        #expect(await served() == "1.0.0")
        #expect(try await containerID("web") != before)
        #expect(try await journal().drift(limit: 9).map(\.finding.kind) == [kind])
        #expect(try await deployments().first?.trigger == .drift)
    }
}
