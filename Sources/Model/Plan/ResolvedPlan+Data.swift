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

    public var dataPlaces: Set<DataPlace> { Set(dataNames.map { DataPlace(stack: stack, name: $0) }) }

    /// Where each data directory may have been before, by the words of the plan; the likeliest first.
    public var formerPlaces: [String: [DataPlace]] {
        var names: [String: String] = [:]
        for volume in containers.values.flatMap(\.volumes) {
            if case .data(let name) = volume.source, let former = volume.formerly { names[name] = former }
        }
        var places: [String: [DataPlace]] = [:]
        for name in dataNames {
            let former = [names[name]].compactMap(\.self)
            places[name] =
                former.map { DataPlace(stack: stack, name: $0) }
                + (formerly.map { stack in (former + [name]).map { DataPlace(stack: stack, name: $0) } } ?? [])
        }
        return places
    }
}

extension VolumePlan {
    package var isRelease: Bool { if case .release = source { true } else { false } }
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
