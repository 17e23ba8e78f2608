extension VSNPolicy {
    /// What `plan` does that the VSN does not allow. `deployed` is what it would replace; without it nothing shrinks.
    ///
    /// Pointers are those of the merged plan; lines are added by the resolver.
    public func problems(of plan: ResolvedPlan, deployed: ResolvedPlan? = nil) -> [PlanProblem] {
        let containers = plan.containers.sorted { $0.key < $1.key }.flatMap { name, container in
            problems(of: container, at: JSONPointer.child(name, of: "/containers"))
        }
        let hotfixes = plan.hotfixes.sorted { $0.key < $1.key }.compactMap { name, image in
            registryProblem(image, at: JSONPointer.child(name, of: "/hotfixes"))
        }
        let host = plan.hostSettings.map(hostProblems) ?? []
        let mounts = (plan.backup?.targets ?? [:]).sorted { $0.key < $1.key }.compactMap { name, target in
            target.mount.flatMap { mountProblem($0, at: JSONPointer.child(name, of: "/backup/targets")) }
        }
        return containers + hotfixes + host + mounts
            + (deployed.flatMap { shrinkProblem(from: $0, to: plan) }.map { [$0] } ?? [])
    }

    private func problems(of container: ContainerPlan, at pointer: String) -> [PlanProblem] {
        var problems: [PlanProblem] = []
        if case .reference(let image) = container.image {
            problems += [registryProblem(image, at: "\(pointer)/image")].compactMap(\.self)
        }
        if container.privileged && !privileged {
            problems.append(
                refusal("privileged containers are not allowed", "\(pointer)/privileged", setting: "privileged"))
        }
        for (index, volume) in container.volumes.enumerated() {
            guard case .path(let path) = volume.source, !isAllowed(path) else { continue }
            problems.append(
                refusal(
                    "host path '\(path)' is not allowed", "\(pointer)/volumes/\(index)/path",
                    setting: "allowedHostPaths"))
        }
        return problems + capabilityProblems(container.capabilities.add, at: "\(pointer)/capabilities/add")
    }

    private func capabilityProblems(_ added: [String], at pointer: String) -> [PlanProblem] {
        let allowed = LinuxCapability.everyContainers.union(allowedCapabilities)
        return added.enumerated().filter { !privileged && !allowed.contains($1) }.map { index, name in
            refusal("capability '\(name)' is not allowed", "\(pointer)/\(index)", setting: "allowedCapabilities")
        }
    }

    private func hostProblems(of settings: HostSettings) -> [PlanProblem] {
        let used = [
            ("hostname", settings.hostname != nil), ("timezone", settings.timezone != nil),
            ("hosts", !settings.hosts.isEmpty), ("dns", settings.dns != nil), ("sysctl", !settings.sysctl.isEmpty),
        ]
        let refused = used.filter { $1 && !allowedHostSettings.contains($0) }.map { name, _ in
            refusal("the setting '\(name)' of the host is not allowed", "/host/\(name)", setting: "allowedHostSettings")
        }
        guard allowedHostSettings.contains("sysctl") else { return refused }
        return refused
            + settings.sysctl.keys.sorted().filter { !isAllowed(parameter: $0) }.map { name in
                refusal(
                    "kernel parameter '\(name)' is not allowed", JSONPointer.child(name, of: "/host/sysctl"),
                    setting: "allowedSysctls")
            }
    }

    private func mountProblem(_ mount: MountPlan, at pointer: String) -> PlanProblem? {
        let place = mount.source.replacing(":/", with: "/", maxReplacements: 1).drop { $0 == "/" }
        guard let allowedMounts, !allowedMounts.contains(where: { Self.covers($0, String(place)) }) else { return nil }
        return refusal(
            "the mount of '\(mount.source)' is not allowed", "\(pointer)/mount/source", setting: "allowedMounts")
    }

    private func isAllowed(parameter: String) -> Bool {
        allowedSysctls.contains { $0.hasSuffix("*") ? parameter.hasPrefix($0.dropLast()) : parameter == $0 }
    }

    private func registryProblem(_ image: ImageReference, at pointer: String) -> PlanProblem? {
        guard let allowedRegistries, !allowedRegistries.contains(where: { Self.covers($0, image.name) }) else {
            return nil
        }
        return refusal("registry of '\(image)' is not allowed", pointer, setting: "allowedRegistries")
    }

    /// A container of another name in its place is no loss: of its data `DataSuccession` takes care.
    private func shrinkProblem(from deployed: ResolvedPlan, to plan: ResolvedPlan) -> PlanProblem? {
        let dropped = Set(deployed.containers.keys).subtracting(plan.containers.keys)
        let lost = deployed.containers.count - plan.containers.count
        guard lost * 100 > deployed.containers.count * maximumShrink, lost > 0 else { return nil }
        let needed = (lost * 100 + deployed.containers.count - 1) / deployed.containers.count
        return PlanProblem(
            file: PlanResolver.planFile, pointer: "/containers",
            message:
                "the plan drops \(dropped.count) of \(deployed.containers.count) containers (\(dropped.quotedList)); "
                + "a loss of more than \(maximumShrink) percent is not allowed on this VSN",
            hint: "where that is meant, drop them in several commits, or set 'policy.maximumShrink' in the VSN's "
                + "configuration to \(needed) until it is deployed")
    }

    private func isAllowed(_ path: String) -> Bool { allowedHostPaths.contains { Self.covers($0, path) } }

    /// Whole parts only: `/srv/a` does not cover `/srv/ab`.
    private static func covers(_ prefix: String, _ path: String) -> Bool {
        let trimmed = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
        return path == trimmed || path.hasPrefix(trimmed + "/")
    }

    private func refusal(_ message: String, _ pointer: String, setting: String) -> PlanProblem {
        PlanProblem(
            file: PlanResolver.planFile, pointer: pointer, message: "\(message) on this VSN",
            hint: "change the plan, or 'policy.\(setting)' in the VSN's configuration")
    }
}
