public import Model
internal import Processes

extension HostSystem {
    /// Where the rules of this host's firewall lead those who come to published ports from outside; without ports of which that cannot
    /// be told.
    public func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] {
        let wanted = Array(rules)
        guard !wanted.isEmpty, let list = try? await listedRules(),
            let places = try? await PortRuleReader.places(of: wanted, in: list)
        else { return [:] }
        let needsRule = await !engineProgram().product.traits.networks.leadsByProgram
        return zip(wanted, places).reduce(into: [:]) { answers, pair in
            answers[pair.0] = PortRuleReader.answer(pair.1, needsRule: needsRule)
        }
    }

    private func listedRules() async throws -> [UInt8] {
        let words = try UnconfinedProgram(self).words(
            ["/bin/bash", "-c", PortRuleReader.list + "list_port_rules"], needing: .networkAdministration,
            within: .seconds(10), isFrequent: true)
        return try await Command(words[0], Array(words.dropFirst()), deadline: .seconds(20)).run().output
    }
}

/// Reads rules as the health-check job does, which goes by the same script.
enum PortRuleReader {
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
