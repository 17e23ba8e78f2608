/// What reaches the host itself.
extension PolicyRule {
    static let hostPaths = ofContainers("volumes/*/path") { policy, container, pointer in
        container.volumes.enumerated().compactMap { index, volume in
            guard case .path(let path) = volume.source,
                !policy.allowedHostPaths.contains(where: { covers($0, path) })
            else { return nil }
            return policy.refusal(
                "host path '\(path)' is not allowed", at: "\(pointer)/volumes/\(index)/path",
                setting: "allowedHostPaths", list: policy.allowedHostPaths, lacks: path)
        }
    }

    static let privileged = ofContainers("privileged") { policy, container, pointer in
        guard container.privileged, !policy.privileged else { return [] }
        return [
            policy.refusal(
                "privileged containers are not allowed", at: "\(pointer)/privileged", setting: "privileged",
                value: "true")
        ]
    }

    static let capabilities = ofContainers("capabilities/add") { policy, container, pointer in
        let allowed = LinuxCapability.everyContainers.union(policy.allowedCapabilities)
        return container.capabilities.add.enumerated().filter { !policy.privileged && !allowed.contains($1) }.map {
            policy.refusal(
                "capability '\($1)' is not allowed", at: "\(pointer)/capabilities/add/\($0)",
                setting: "allowedCapabilities", list: policy.allowedCapabilities, lacks: $1)
        }
    }

    static let hostSettings = Self(
        keys: ["hostname", "timezone", "hosts", "dns/servers", "dns/search"].map { "/host/\($0)" }
    ) { policy, plan in
        let used = plan.hostSettings?.used ?? []
        return used.filter { !policy.allowedHostSettings.contains($0) }.map { name in
            policy.refusal(
                "the setting '\(name)' of the host is not allowed", at: "/host/\(name)",
                setting: "allowedHostSettings", list: policy.allowedHostSettings, lacks: name)
        }
    }

    static let sysctl = Self(keys: ["/host/sysctl"]) { policy, plan in
        guard policy.allowedHostSettings.contains("sysctl") else { return [] }
        return (plan.hostSettings?.sysctl.keys.sorted() ?? []).filter { !policy.isAllowed(parameter: $0) }.map { name in
            policy.refusal(
                "kernel parameter '\(name)' is not allowed", at: JSONPointer.child(name, of: "/host/sysctl"),
                setting: "allowedSysctls", list: policy.allowedSysctls, lacks: name)
        }
    }

    static let logs = Self(keys: ["/maintenance/cleanup/keep"]) { policy, plan in
        guard let keep = plan.maintenance?.cleanup?.keep,
            keep.milliseconds < policy.minimumLogRetention.milliseconds
        else { return [] }
        return [
            policy.refusal(
                "the system's log is kept for \(policy.minimumLogRetention), and to keep it for \(keep) is not allowed",
                at: "/maintenance/cleanup/keep", setting: "minimumLogRetention", value: "\"\(keep)\"")
        ]
    }
}

extension VSNPolicy {
    fileprivate func isAllowed(parameter: String) -> Bool {
        allowedSysctls.contains { $0.hasSuffix("*") ? parameter.hasPrefix($0.dropLast()) : parameter == $0 }
    }
}

extension HostSettings {
    /// The keys of the section that say something.
    fileprivate var used: [String] {
        [
            ("hostname", hostname != nil), ("timezone", timezone != nil), ("hosts", !hosts.isEmpty),
            ("dns", dns != nil), ("sysctl", !sysctl.isEmpty),
        ].filter(\.1).map(\.0)
    }
}
