extension VSNPolicy {
    /// What is in force, for people: a line each for images, the host, backups and the network.
    public var words: [String] {
        [
            "'\(profile.rawValue)'; images: \(registryWords), \(archiveWords), builds \(buildPolicy.rawValue), "
                + annotationWords + (imageContract ? "" : ", no labels"),
            "host: paths \(Self.list(allowedHostPaths)), privileged \(privileged ? "yes" : "no"), "
                + "capabilities \(privileged ? "all" : Self.list(allowedCapabilities)), "
                + "user namespaces \(namespaceWords), "
                + "settings \(Self.list(allowedHostSettings)), \(sysctlWords), \(logWords)",
            "backups: directories below \(Self.list(backupDirectories)), "
                + "storages of \(allowedStorages.map(Self.list) ?? "every type that a plan may write"), "
                + "own remotes \(Self.list(ownRemotes)), shares \(allowedMounts.map(Self.list) ?? "all")",
            "network: ports \(allowedPorts.map(Self.list) ?? "all"), subnets in \(Self.list(allowedSubnets)), "
                + channelWords,
        ]
    }

    private var channelWords: String {
        ChannelSection.all.map { "\($0.servers) \($0.allowed(self).map(Self.list) ?? "all")" }
            .joined(separator: ", ")
    }

    private var registryWords: String { images.registries.map { "registries \(Self.list($0))" } ?? "every registry" }

    private var archiveWords: String {
        if let archives = images.archives { return "archives \(Self.list(archives))" }
        guard images.registries == nil else { return "no archives" }
        return profile == .trusted ? "every archive" : "archives by https and ssh"
    }

    private var annotationWords: String {
        switch images.annotations {
        case nil where profile == .trusted: "all annotations"
        case nil, []: "annotations that describe them"
        case let annotations?: "annotations that describe them and \(Self.list(annotations))"
        }
    }

    private var namespaceWords: String { userns == .required ? "required" : "as the plan says" }

    private var logWords: String {
        cleansSystemLogs ? "log kept \(minimumLogRetention) at least" : "log never cleaned"
    }

    private var sysctlWords: String {
        switch allowedSysctls {
        case Self.harmlessSysctls: "kernel parameters without the power of root, within bounds"
        case ["*"]: "all kernel parameters"
        default: "kernel parameters \(Self.list(allowedSysctls))"
        }
    }

    private static func list(_ entries: [String]) -> String { entries.isEmpty ? "none" : entries.quotedList }
}
