extension ResolvedPlan {
    /// Names of its data directories.
    public var dataNames: Set<String> { Set(containers.values.flatMap(\.dataNames)) }

    /// Those that a service may leave empty.
    public var dataNamesThatMayBeEmpty: Set<String> {
        let volumes = containers.values.flatMap(\.volumes).filter { $0.mayBeEmpty == true }
        return Set(volumes.compactMap { if case .data(let name) = $0.source { name } else { nil } })
    }

    /// Whether a container mounts files of the vendor's release.
    public var mountsRelease: Bool { containers.values.contains { !$0.releasePaths.isEmpty } }
}

extension VolumePlan {
    var isRelease: Bool { if case .release = source { true } else { false } }
}

extension ContainerPlan {
    public var dataNames: Set<String> {
        Set(volumes.compactMap { if case .data(let name) = $0.source { name } else { nil } })
    }

    /// What it mounts of the vendor's release.
    public var releasePaths: Set<String> {
        Set(volumes.compactMap { if case .release(let path) = $0.source { path } else { nil } })
    }
}
