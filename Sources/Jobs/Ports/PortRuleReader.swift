package import Model
internal import Processes

/// Reads rules as the health-check job does, which goes by the same script.
package struct PortRuleReader: Sendable {
    /// Whether a port that no rule leads on is dead.
    let needsRule: Bool

    /// Of an engine that leads to ports as `product` does.
    package init(for product: EngineProduct) { needsRule = !product.traits.networks.leadsByProgram }

    /// Where `list`, which `listing` made on the host, leads those who come to published ports from outside; without ports of which
    /// that cannot be told.
    package func answers(to rules: Set<PortRule>, in list: [UInt8]) async -> [PortRule: PortAnswer] {
        let wanted = Array(rules)
        guard let places = try? await Self.places(of: wanted, in: list) else { return [:] }
        return zip(wanted, places).reduce(into: [:]) { answers, pair in
            answers[pair.0] = Self.answer(pair.1, needsRule: needsRule)
        }
    }

    /// The Bash that lists the rules of a host's firewall.
    package static var listing: String { list + "list_port_rules" }

    static var list: String { String(decoding: PackageResources.port_list_bash, as: UTF8.self) }
    static var script: String {
        var settings = JobSettings()
        settings.setNetworks()
        let rules = String(decoding: PackageResources.port_rules_bash, as: UTF8.self)
        return settings.lines.joined(separator: "\n") + "\n" + rules
    }

    /// Of each rule: `here`, `nowhere`, `unknown`, `shut` and by what, `still` and the kernel parameter, or where it leads
    /// instead.
    static func places(of rules: [PortRule], in list: [UInt8]) async throws -> [String] {
        let questions = rules.flatMap { rule -> [String] in
            let mapping = rule.port.mapping
            return [
                rule.port.family == .ipv4 ? "4" : "6", mapping.transport.rawValue, mapping.singleAddress ?? "",
                "\(mapping.hostPort)", rule.container, "\(mapping.containerPort)",
            ]
        }
        let reading = Command(
            "/bin/bash", ["-c", script + "where_ports_lead \"$@\"", "port-rules"] + questions, input: list,
            deadline: .seconds(20))
        return try await reading.run().text.split(separator: "\n").map(String.init)
    }

    static func answer(_ place: String, needsRule: Bool) -> PortAnswer {
        switch place {
        case "here": .taken
        case "nowhere": needsRule ? .barred(.nowhere) : .unknown
        case "unknown": .unknown
        case _ where place.hasPrefix("shut "): .barred(.closed(String(place.dropFirst(5))))
        case _ where place.hasPrefix("still "): .barred(.still(String(place.dropFirst(6))))
        default: .barred(.elsewhere(place))
        }
    }
}
