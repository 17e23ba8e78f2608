internal import Model

extension PlanDraft {
    /// The `host` section; what only the host itself can tell is checked there.
    func checkHost() {
        guard let host = root["host"], let settings = plan.hostSettings else { return }
        if let name = host["hostname"] { check(HostNames.problem(withHost: settings.hostname ?? ""), at: name) }
        if let zone = host["timezone"] { check(HostNames.problem(withZone: settings.timezone ?? ""), at: zone) }
        for (address, names) in host["hosts"]?.members ?? [] { checkEntry(of: address, names) }
        if let dns = host["dns"] { checkNameServers(dns) }
        for (name, value) in host["sysctl"]?.members ?? [] {
            check(HostNames.problem(withParameter: name), at: value)
            guard let text = value.value.string, text.allSatisfy(\.isWhitespace), !text.isEmpty else { continue }
            value.error("kernel parameter '\(name)' has no value", hint: "write one such as '262144'")
        }
    }

    private func check(_ problem: (message: String, hint: String)?, at cursor: PlanCursor) {
        guard let problem, cursor.value.string != "" else { return }
        cursor.error(problem.message, hint: problem.hint)
    }

    private func checkEntry(of address: String, _ names: PlanCursor) {
        if IPAddress(address)?.isEvery ?? true {
            names.error(
                "'\(address)' is not the address of a host",
                hint: "write an IP address such as '192.0.2.5', and its names as the value")
        }
        for name in names.value.array == nil ? [] : names.elements {
            guard let text = name.value.string else { continue }
            check(HostNames.problem(withHost: text), at: name)
        }
    }

    private func checkNameServers(_ dns: PlanCursor) {
        guard let servers = dns["servers"], servers.value.array != nil else { return }
        var seen: Set<IPAddress> = []
        for server in servers.elements {
            guard let text = server.value.string, !text.isEmpty else { continue }
            guard let address = IPAddress(text), !address.isEvery else {
                server.error(
                    "'\(text)' is not the address of a name server", hint: "write its IP address, such as '192.0.2.53'")
                continue
            }
            if !seen.insert(address).inserted {
                server.error("name server '\(text)' is listed twice", hint: "remove one")
            }
        }
        if seen.count > Self.mostNameServers {
            servers.warning(
                "of \(seen.count) name servers the resolver asks only the first \(Self.mostNameServers)",
                hint: "list at most \(Self.mostNameServers)")
        }
        guard let search = dns["search"], search.value.array != nil else { return }
        for domain in search.elements {
            guard let text = domain.value.string, !text.isEmpty, !Self.isHostname(text) else { continue }
            domain.error(
                "'\(text)' is not a domain", hint: "write one such as 'acme.example.com', without a dot at its ends")
        }
    }

    /// The limit of the C library, for a plain `/etc/resolv.conf`.
    private static let mostNameServers = 3
}

/// Names that settings of the host are made of.
enum HostNames {
    /// Programs trust that these are the host itself.
    private static let reserved = ["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"]

    static func problem(withHost name: String) -> (message: String, hint: String)? {
        let form = "use letters, digits and '-' in parts joined by '.', at most 64 characters"
        guard PlanDraft.isHostname(name), IPAddress(name) == nil else { return ("'\(name)' is not a host name", form) }
        let lower = name.lowercased()
        guard !reserved.contains(lower), !lower.hasSuffix(".localhost") else {
            return ("'\(name)' always means the host itself", "choose another name")
        }
        return nil
    }

    /// No dots: the name becomes a path below the database of time zones.
    static func problem(withZone name: String) -> (message: String, hint: String)? {
        let isName = name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}/) != nil
        guard !isName || ["localtime", "posixrules"].contains(name) else { return nil }
        return (
            "'\(name)' is not a time zone",
            "write a name of the time zone database, such as 'Europe/Berlin' or 'Etc/UTC'"
        )
    }

    /// Parts joined by dots; in a part '/' stands for a dot, as sysctl(8) has it.
    static func problem(withParameter name: String) -> (message: String, hint: String)? {
        let part = "[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*"
        guard (try? Regex("\(part)(?:\\.\(part))+").wholeMatch(in: name)) ?? nil == nil else { return nil }
        return ("'\(name)' is not a kernel parameter", "write its name in dots, such as 'vm.max_map_count'")
    }
}
