extension ResolvedPlan {
    /// The name of the stack's network on the host.
    public var networkName: String { stack }

    /// The name of container `name` on the host.
    public func hostName(of name: String) -> String { "\(stack)-\(name)" }

    /// `names`, and every container that is restarted when one of them is.
    public func restarted(with names: Set<String>) -> Set<String> {
        var all = names
        while true {
            let more = containers.filter { !all.contains($0.key) && !all.isDisjoint(with: $0.value.restartWith ?? []) }
            guard !more.isEmpty else { return all }
            all.formUnion(more.keys)
        }
    }

    /// Whether the engine may have a name server on the stack's network; without one, each container knows the others by
    /// their addresses.
    public var hasNameServer: Bool { !containers.values.contains { $0.ports.contains(where: \.isEveryNameServer) } }
}
