internal import Model

/// What containers are given of the stack's network.
struct NetworkPlace: Sendable {
    /// By container; any where there is none.
    var addresses: [String: [String]] = [:]
    /// Addresses by name, where no name server tells them.
    var hosts: [String: String]?

    func applied(to spec: ContainerSpec, _ name: String) -> ContainerSpec {
        var spec = spec
        spec.addresses = addresses[name] ?? []
        if let hosts {
            spec.hosts = hosts
            // Nobody would answer for them.
            spec.aliases = []
        }
        return spec
    }
}
