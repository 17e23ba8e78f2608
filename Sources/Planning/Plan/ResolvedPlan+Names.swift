extension ResolvedPlan {
    /// The name of the stack's network on the host.
    public var networkName: String { stack }

    /// The name of container `name` on the host.
    public func hostName(of name: String) -> String { "\(stack)-\(name)" }

    /// Whether the engine may have a name server on the stack's network; without one, each container knows the others by
    /// their addresses.
    public var hasNameServer: Bool { !containers.values.contains { $0.ports.contains(where: \.isEveryNameServer) } }
}
