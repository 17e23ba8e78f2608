internal import Model

extension PlanDraft {
    func checkNetwork() {
        let network = root["network"]
        if let single = network?["subnet"] { check(subnet: single) }
        let several = network?["subnets"]?.elements ?? []
        for cursor in several { check(subnet: cursor) }
        if let single = network?["subnet"], network?["subnets"] != nil {
            single.error("'subnet' and 'subnets' say the same", hint: "write all of them in 'subnets'")
        }
        var families: Set<Bool> = []
        for cursor in several {
            guard let text = cursor.value.string, Subnet(text) != nil,
                !families.insert(text.contains(":")).inserted
            else { continue }
            let family = text.contains(":") ? "IPv6" : "IPv4"
            cursor.error("'\(text)' is a second subnet of \(family)", hint: "name one of each family")
        }
    }

    private func check(subnet cursor: PlanCursor) {
        guard let text = cursor.value.string else { return }
        guard let subnet = Subnet(text) else {
            cursor.error("'\(text)' is not a subnet", hint: "write a network and its length, such as '10.89.7.0/24'")
            return
        }
        if subnet.network != subnet.address {
            cursor.error(
                "'\(text)' is an address inside a subnet", hint: "write '\(subnet.network)/\(subnet.length)'")
        }
        // Three addresses are taken: the network's own, the gateway's, and the broadcast.
        if subnet.hostBits < 16, 1 << subnet.hostBits < plan.containers.count + 3 {
            cursor.error(
                "subnet '\(text)' has no room for \(plan.containers.count) containers and a gateway",
                hint: "choose a shorter length, such as '/24'")
        }
        if !subnet.isPrivate {
            cursor.warning(
                "subnet '\(text)' is not private: the hosts there become unreachable",
                hint: "choose one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7")
        }
    }

    /// Last: an image that could not be read may be just the one that a login is for.
    func checkRegistries() {
        guard !log.problems.contains(where: { $0.severity == .error }) else { return }
        let used = Set(plan.containers.keys.compactMap { plan.image(of: $0) }.compactMap(\.registry))
            .union(plan.containers.values.map(\.image).compactMap(\.registry))
        for (name, cursor) in root["registries"]?.members ?? [] where !used.contains(name) {
            let meant = Suggestion.closest(to: name, among: used.sorted())
            cursor.warning(
                "no image comes from registry '\(name)'",
                hint: meant.map { "did you mean '\($0)'?" } ?? "write the host as in the image references, or remove it"
            )
        }
    }
}

extension ImageSource {
    fileprivate var registry: String? { if case .reference(let image) = self { image.registry } else { nil } }
}
