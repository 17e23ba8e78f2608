extension ResolvedPlan {
    /// Names of its data directories.
    public var dataNames: Set<String> { Set(containers.values.flatMap(\.dataNames)) }
}

extension ContainerPlan {
    public var dataNames: Set<String> {
        Set(volumes.compactMap { if case .data(let name) = $0.source { name } else { nil } })
    }
}
