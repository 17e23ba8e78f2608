internal import Files
internal import FoundationEssentials
internal import Glibc
internal import Model

extension HostSystem {
    /// What stands in the way of the plan's `host` section, all of it at once.
    func settingsProblems(of plan: ResolvedPlan) throws(HostError) -> [HostProblem] {
        guard let settings = plan.hostSettings, settings != HostSettings() else { return [] }
        var found = [Self.writeProblem, hostnameProblem(settings, entry: plan.host)]
        found.append(settings.timezone.flatMap(TimeZones.problem))
        if !settings.hosts.isEmpty || settings.hostname != nil { found.append(Self.blockProblem(of: .hosts)) }
        if settings.dns != nil { found += try Self.resolverProblems() }
        found += settings.sysctl.keys.sorted().map { KernelParameter(name: $0).problem }
        return found.compactMap { $0.map { HostProblem($0) } }
    }

    private static var writeProblem: HostError? {
        guard access("/etc", W_OK) != 0 else { return nil }
        return HostError.failed(
            "change the settings of this host in '/etc'",
            hint: "run it as root; as a service, use the unit file of this version (it needs 'ProtectSystem=yes')")
    }

    /// The next start would look for another entry of `hosts/`.
    private func hostnameProblem(_ settings: HostSettings, entry: String) -> HostError? {
        guard configuration.entryFollowsHostName, let name = settings.hostname,
            name.prefix(while: { $0 != "." }) != entry
        else { return nil }
        return HostError(
            "the plan names this host '\(name)', and 'hosts/\(entry).json' is chosen by the host's name",
            hint: "set 'host' to '\(entry)' in the configuration of the VSN first")
    }

    private static func resolverProblems() throws(HostError) -> [HostError?] {
        let resolver = try Resolver.find()
        guard resolver == .file else { return [resolver.problem] }
        return [blockProblem(of: .nameServers), blockProblem(of: .searchDomains)]
    }

    private static func blockProblem(of block: ManagedBlock) -> HostError? {
        do throws(HostError) {
            let path = SystemFile.resolved(block.file)
            guard try FileStatus.at(path).kind != .missing else { return nil }
            let content = try Descriptor(path, O_RDONLY).read(limit: SystemFile.limit)
            _ = try block.text(in: content)
            guard String(decoding: content, as: UTF8.self).contains("'manage_etc_hosts' as True") else { return nil }
            return HostError(
                "'\(path)' is written anew at each boot by cloud-init, which would drop the entries of the plan",
                hint: "set 'manage_etc_hosts: false' in '/etc/cloud/cloud.cfg' and remove its comment from the file")
        } catch {
            return error
        }
    }
}
