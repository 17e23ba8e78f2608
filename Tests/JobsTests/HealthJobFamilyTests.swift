import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("What the health check says of a port that users of two families come to")
struct HealthJobFamilyTests {
    /// What it says of port 80 of a container with addresses of both, by a list of rules.
    private func found(_ lists: String...) async throws -> String {
        let scratch = try Scratch()
        try scratch.write(lists.joined(), to: "rules")
        let parts = [PackageResources.port_rules_bash, PackageResources.health_ports_bash]
        var settings = JobSettings()
        settings.set(engine: EngineProgram(of: .podman))
        let texts = settings.lines + parts.map { String(decoding: $0, as: UTF8.self) }
        let script =
            texts.joined(separator: "\n") + """

                declare -A address4=([web]=10.89.0.3) address6=([web]=fd00::3) addresses=()
                WORK=$1
                check_rules web 80:8080 tcp '' 80 8080 || :
                """
        return try await Command("/bin/bash", ["-uc", script, "check", scratch.path]).run().text
    }

    private func rules(_ program: String, leadingTo place: String? = nil, more: String = "") -> String {
        let rule = place.map { "-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination \($0)\n" } ?? ""
        return "@\(program)\n*nat\n:PREROUTING ACCEPT [0:0]\n\(rule)COMMIT\n\(more)"
    }

    @Test("each family that is dead is named with its own cause, one cause of both once, and none that answers")
    func families() async throws {
        let (ipv4, ipv6) = (
            rules("iptables", leadingTo: "10.89.0.3:8080"), rules("ip6tables", leadingTo: "[fd00::3]:8080")
        )
        let (none4, none6) = (rules("iptables"), rules("ip6tables"))
        let gone = "no rule of the host's firewall leads what arrives to the container"
        #expect(try await found(ipv4, ipv6) == "")
        #expect(try await found(none4, none6) == "port '80:8080' is dead: \(gone)")
        #expect(try await found(none4, ipv6) == "port '80:8080' is dead by IPv4: \(gone)")
        #expect(try await found(ipv4, none6) == "port '80:8080' is dead by IPv6: \(gone)")
        let still = "this host forwards nothing to containers: its kernel parameter 'net.ipv4.ip_forward' is 0"
        let both = try await found("@still 4 net.ipv4.ip_forward\n", ipv4, none6)
        #expect(both == "port '80:8080' is dead by IPv4: \(still), by IPv6: \(gone)")
    }
}
