internal import Model

/// Whom the host talks to, and lets in.
extension PolicyRule {
    static let ports = ofContainers("ports") { policy, container, pointer in
        guard let allowed = policy.allowedPorts else { return [] }
        return container.ports.enumerated().filter { _, port in
            !allowed.contains { range(of: $0)?.contains(port.hostPort) == true }
        }.map { index, port in
            policy.refusal(
                "port \(port.hostPort) of the host is not allowed", at: "\(pointer)/ports/\(index)",
                setting: "allowedPorts", list: allowed, lacks: "\(port.hostPort)")
        }
    }

    static let subnet = Self(keys: ["/network/subnet", "/network/subnets"]) { policy, plan in
        let allowed = policy.allowedSubnets.compactMap(Subnet.init)
        let isList = plan.network.subnets != nil
        return plan.network.named.enumerated().compactMap { index, text in
            guard let subnet = Subnet(text), !allowed.contains(where: { $0.contains(subnet) }) else { return nil }
            return policy.refusal(
                "subnet '\(text)' is not allowed", at: isList ? "/network/subnets/\(index)" : "/network/subnet",
                setting: "allowedSubnets", list: policy.allowedSubnets, lacks: text)
        }
    }

    static let channels = Self(keys: ChannelSection.all.flatMap(\.reachingKeys)) { policy, plan in
        plan.channels.flatMap { $0.problems(policy) }
    }

    /// `443`, or `8000-8999`.
    private static func range(of text: String) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-", maxSplits: 1).map { UInt16($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
        return first...last
    }
}
