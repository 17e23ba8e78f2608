extension ResolvedPlan {
    /// The name of the stack's network on the host.
    public var networkName: String { stack }

    /// The name of container `name` on the host.
    public func hostName(of name: String) -> String { "\(stack)-\(name)" }
}
