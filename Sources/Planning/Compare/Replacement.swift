internal import Model

/// Which containers a change of plan concerns.
enum Replacement {
    /// The containers to replace; `nil` is the whole stack. Empty when only what the host does beside the containers
    /// differs: cron jobs, channels, host settings, what follows a failure.
    static func containers(from old: DesiredState, to new: DesiredState) -> Set<String>? {
        guard withoutHostSide(old, like: new) == new else { return nil }
        let names = Set(old.plan.hotfixes.keys).union(new.plan.hotfixes.keys)
        return names.filter { old.plan.hotfixes[$0] != new.plan.hotfixes[$0] }
    }

    private static func withoutHostSide(_ old: DesiredState, like new: DesiredState) -> DesiredState {
        var same = old
        same.plan.hotfixes = new.plan.hotfixes
        same.plan.maintenance = new.plan.maintenance
        same.plan.copyChannels(of: new.plan)
        same.plan.onFailure = new.plan.onFailure
        same.plan.drift = new.plan.drift
        same.plan.backup = new.plan.backup
        same.plan.replaces = new.plan.replaces
        same.plan.formerly = new.plan.formerly
        same.plan.hostKeys = new.plan.hostKeys
        for (name, container) in new.plan.containers { same.plan.containers[name]?.takeCare(of: container) }
        // Containers have the time zone in their environment.
        if old.plan.hostSettings?.timezone == new.plan.hostSettings?.timezone {
            same.plan.hostSettings = new.plan.hostSettings
        }
        for name in Set(old.secretDigests.keys).union(new.secretDigests.keys)
        where !old.plan.containersKnow(secret: name) && !new.plan.containersKnow(secret: name) {
            same.secretDigests[name] = new.secretDigests[name]
        }
        return same
    }
}

extension ResolvedPlan {
    fileprivate func containersKnow(secret: String) -> Bool {
        containers.values.contains { container in
            container.environment.values.contains { $0.references.contains(secret) }
                || container.secretFiles.contains { $0.secret == secret }
        }
    }
}

extension ContainerPlan {
    /// How its data is saved and looked after concerns the next backup and the next start, and what it was called before
    /// nobody, not the container.
    fileprivate mutating func takeCare(of other: Self) {
        for index in volumes.indices {
            guard let same = other.volumes.first(where: { $0.target == volumes[index].target }) else { continue }
            volumes[index].backup = same.backup
            volumes[index].mayBeEmpty = same.mayBeEmpty
            volumes[index].formerly = same.formerly
            volumes[index].startEmpty = same.startEmpty
        }
    }
}
