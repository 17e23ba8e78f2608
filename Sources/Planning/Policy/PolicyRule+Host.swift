internal import Model

/// What reaches the host itself.
extension PolicyRule {
    static let hostPaths = Self(keys: ["/containers/*/volumes/*/path"]) { policy, plan in
        plan.containers.sorted { $0.key < $1.key }.flatMap { name, container in
            container.volumes.enumerated().compactMap { index, volume -> PlanProblem? in
                guard case .path(let path) = volume.source else { return nil }
                let pointer = JSONPointer.child(name, of: "/containers") + "/volumes/\(index)/path"
                return policy.problem(ofHostPath: path, at: pointer, in: plan)
            }
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

    /// A demand: the key itself reaches no further than the container.
    static let userNamespaces = ofContainers { policy, container, pointer in
        guard container.userns != .private, policy.userns == .required else { return [] }
        return [
            policy.refusal(
                "a container without a user namespace of its own (\"userns\": \"private\") is not allowed",
                at: "\(pointer)/userns", setting: "userns", value: "\"allowed\"")
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
        keys: ["hostname", "timezone", "hosts", "dns/servers", "dns/search"].map { "/host/\($0)" } + ["/logs/maximum"]
    ) { policy, plan in
        let used = plan.hostSettings?.used ?? []
        return used.filter { !policy.allowedHostSettings.contains($0) }.map { name in
            policy.refusal(
                "the setting '\(name)' of the host is not allowed", at: name == "logs" ? "/logs" : "/host/\(name)",
                setting: "allowedHostSettings", list: policy.allowedHostSettings, lacks: name)
        }
    }

    static let sysctl = Self(keys: ["/host/sysctl"]) { policy, plan in
        guard policy.allowedHostSettings.contains("sysctl") else { return [] }
        return (plan.hostSettings?.sysctl ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
            policy.problem(ofParameter: name, as: value)
        }
    }

    static let logs = Self(keys: ["/maintenance/cleanup/keep"]) { policy, plan in
        guard let keep = plan.maintenance?.cleanup?.keep,
            policy.cleansSystemLogs, keep.milliseconds < policy.minimumLogRetention.milliseconds
        else { return [] }
        return [
            policy.refusal(
                "the system's log is kept for \(policy.minimumLogRetention), and to keep it for \(keep) is not allowed",
                at: "/maintenance/cleanup/keep", setting: "minimumLogRetention", value: "\"\(keep)\"")
        ]
    }
}

extension VSNPolicy {
    fileprivate func problem(ofHostPath path: String, at pointer: String, in plan: ResolvedPlan) -> PlanProblem? {
        guard allowedHostPaths.contains(where: { VSNPolicy.covers($0, path) }) else {
            return refusal(
                "host path '\(path)' is not allowed", at: pointer, setting: "allowedHostPaths", list: allowedHostPaths,
                lacks: path)
        }
        guard let writer = plan.writer(above: path) ?? dataDirectory(above: path) else { return nil }
        // Who can write a directory can make anything below it a link to anywhere.
        return PlanProblem(
            file: PlanResolver.planFile, pointer: pointer,
            message: "host path '\(path)' lies below \(writer): what is there may be a link to any file of this VSN",
            hint: "mount that directory itself, or let it be mounted read-only there")
    }

    private func dataDirectory(above path: String) -> String? {
        let parts = Self.depth(of: path)
        let own = ownDirectories.first { directory in
            VSNPolicy.covers(directory, path) && parts > Self.depth(of: directory) + 2
        }
        return own.map { "a data directory in '\($0)', which containers can write" }
    }

    private static func depth(of path: String) -> Int { path.pathParts.count { !$0.isEmpty } }

    fileprivate func problem(ofParameter name: String, as value: String) -> PlanProblem? {
        // Refused in other words; a line that allows `*` would allow every one.
        guard HostNames.problem(withParameter: name) == nil else { return nil }
        let pointer = JSONPointer.child(name, of: "/host/sysctl")
        let entries = allowedSysctls.filter { Self.covers($0, parameter: name) }
        guard !entries.isEmpty else {
            return refusal(
                "kernel parameter '\(name)' is not allowed", at: pointer, setting: "allowedSysctls",
                list: allowedSysctls, lacks: name)
        }
        // Entries of the default list are in the lines that refusals propose: they say nothing of values.
        guard entries.allSatisfy(Self.harmlessSysctls.contains),
            let demand = KernelParameterBounds.demand(on: name, as: value)
        else { return nil }
        return refusal(
            "kernel parameter '\(name)' as '\(value)', where the whole host needs \(demand), is not allowed",
            at: pointer, setting: "allowedSysctls", list: allowedSysctls, lacks: "\(name)=*")
    }

    /// `NAME=*` is that parameter with any value.
    private static func covers(_ entry: String, parameter: String) -> Bool {
        if entry.hasSuffix("=*") { return parameter == entry.dropLast(2) }
        return matches(parameter, [entry])
    }
}

extension ResolvedPlan {
    /// What a container can write that holds `path`, in words.
    fileprivate func writer(above path: String) -> String? {
        for (name, container) in containers.sorted(by: { $0.key < $1.key }) {
            for volume in container.volumes where !volume.readOnly {
                guard case .path(let mounted) = volume.source, mounted != path, VSNPolicy.covers(mounted, path) else {
                    continue
                }
                return "'\(mounted)', which container '\(name)' can write"
            }
        }
        return nil
    }
}

extension HostSettings {
    /// The keys of the section, and `logs`, that say something.
    fileprivate var used: [String] {
        [
            ("hostname", hostname != nil), ("timezone", timezone != nil), ("hosts", !hosts.isEmpty),
            ("dns", dns != nil), ("sysctl", !sysctl.isEmpty), ("logs", logs != nil),
        ].filter(\.1).map(\.0)
    }
}
