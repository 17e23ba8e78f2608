internal import Model

/// Words for what belongs to no container.
enum StackWords {
    static func changes(of key: String, from old: ResolvedPlan, to new: ResolvedPlan) -> [FieldChange] {
        switch key {
        case "version": [.changed("version", old.version, new.version)]
        case "stack": [.changed("name", old.stack, new.stack)]
        case "host": [.changed("host", old.host, new.host)]
        case "size": [.changed("size", old.size ?? "none", new.size ?? "none")]
        case "network": [.changed("subnet", words(of: old.network), words(of: new.network))]
        case "drift": [.changed("drift", old.drift.rawValue, new.drift.rawValue)]
        case "onFailure": [.changed("onFailure", old.onFailure.rawValue, new.onFailure.rawValue)]
        case "hostSettings": HostWords.changes(from: old.hostSettings, to: new.hostSettings)
        case "replaces": [.changed("replaces", old.replaces ?? "no host", new.replaces ?? "no host")]
        case "formerly": [.changed("former name", old.formerly ?? "none", new.formerly ?? "none")]
        case "hostKeys": KeyedComparison.changes("host key", from: old.hostKeys ?? [], to: new.hostKeys ?? [])
        case "backup": BackupWords.changes(from: old.backup, to: new.backup)
        case "registries": registryChanges(from: old.registries, to: new.registries)
        default: []
        }
    }

    private static func words(of network: NetworkPlan) -> String {
        let named = network.named.isEmpty ? ["any"] : network.named
        return (named + (network.addsIPv6 ? ["any IPv6"] : [])).joined(separator: ", ")
    }

    private static func registryChanges(
        from old: [String: RegistryLogin], to new: [String: RegistryLogin]
    ) -> [FieldChange] {
        KeyedComparison.changes("login to registry", from: old, to: new) { name, _, _ in
            [.altered("login to registry '\(name)'")]
        }
    }
}

/// Compares what has a name or a target.
enum KeyedComparison {
    /// `what 'KEY' added`, `… removed`, and what `changed` says of values that differ.
    static func changes<Value: Equatable>(
        _ what: String, from old: [String: Value], to new: [String: Value],
        changed: (_ key: String, _ old: Value, _ new: Value) -> [FieldChange]
    ) -> [FieldChange] {
        Set(old.keys).union(new.keys).sorted().flatMap { key -> [FieldChange] in
            switch (old[key], new[key]) {
            case (let before?, let after?): before == after ? [] : changed(key, before, after)
            case (nil, _): [.added("\(what) '\(key)'")]
            case (_, nil): [.removed("\(what) '\(key)'")]
            }
        }
    }

    /// Of lists in which nothing stands twice; their order is not looked at.
    static func changes(_ what: String, from old: [String], to new: [String]) -> [FieldChange] {
        new.filter { !old.contains($0) }.map { .added("\(what) \($0)") }
            + old.filter { !new.contains($0) }.map { .removed("\(what) \($0)") }
    }
}
