internal import Processes

/// The rules of this machine's firewall that lead published ports to containers of Podman.
public enum PortRules {
    /// Removes those of one port, as a reload of the firewall does it to all of them; `program`: of IPv6, `ip6tables`.
    public static func remove(
        _ port: UInt16, _ transport: String = "tcp", program: String = "iptables"
    ) async throws {
        let rules = try await Command("/usr/sbin/\(program)-save", ["-t", "nat"]).run().text
        let own = rules.split(separator: "\n").filter {
            ($0.hasPrefix("-A NETAVARK-HOSTPORT-DNAT ") || $0.hasPrefix("-A NETAVARK-DN-"))
                && $0.contains("-p \(transport) ") && $0.contains("--dport \(port) ")
        }
        guard !own.isEmpty else { throw PodmanSandboxError(description: "no rule for port \(port):\n\(rules)") }
        let removals = own.map { "-D" + $0.dropFirst(2) }
        let text = (["*nat"] + removals + ["COMMIT"]).joined(separator: "\n") + "\n"
        let restore = Command(
            "/usr/sbin/\(program)-restore", ["-w", "10", "--noflush"], input: Array(text.utf8))
        _ = try await restore.run()
    }
}
