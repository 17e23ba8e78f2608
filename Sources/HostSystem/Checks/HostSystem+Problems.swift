package import Files
internal import Glibc
public import Model
internal import Processes

extension HostSystem {
    /// What is wrong with this host for `plan` that shows without asking anybody: root, programs, free space, host paths,
    /// data directories.
    package func ownProblems(of plan: ResolvedPlan) async throws(HostError) -> [HostProblem] {
        try await BlockingWork.run("check the host") { () throws(HostError) in
            try generalProblems() + initProblems(of: plan) + programProblems(of: plan) + logProblems(of: plan)
                + storageProblems()
                + volumeProblems(of: plan)
                + secretFileProblems(of: plan) + subnetProblems(of: plan) + settingsProblems(of: plan)
        }
    }

    private func generalProblems() -> [HostProblem] {
        var problems: [HostProblem] = []
        if configuration.requiresRoot, geteuid() != 0 {
            problems.append(HostProblem(message: "not run as root", hint: "run it as root, or with sudo"))
        }
        return problems
    }

    private func programProblems(of plan: ResolvedPlan) -> [HostProblem] {
        missingPrograms(for: plan).map { HostProblem(HostError.notInstalled($0.name)) }
    }

    /// Programs that `plan` needs and this host has not.
    public func missingPrograms(for plan: ResolvedPlan) -> [RequiredProgram] {
        plan.requiredPrograms.filter { Command.find($0.name, path: configuration.commandPath) == nil }
    }

    /// Without the engine's init the creation of a container fails, when the old stack is gone already.
    private func initProblems(of plan: ResolvedPlan) -> [HostProblem] {
        guard plan.containers.values.contains(where: \.`init`),
            !EngineProduct.allCases.contains(where: { isInstalled($0.traits.initProgram) })
        else { return [] }
        let name = EngineProduct.presumed.traits.initProgram.name
        return [
            HostProblem(
                message: "the init program of the containers, '\(name)', is not installed",
                hint: "install it: apt-get install \(name)")
        ]
    }

    private func isInstalled(_ program: EngineTraits.Helper) -> Bool {
        let places = [Command.plainEnvironment["PATH", default: ""]] + program.directories
        return Command.find(program.name, path: places.joined(separator: ":")) != nil
    }

    private func storageProblems() throws(HostError) -> [HostProblem] {
        let paths = configuration.engineStorage + [configuration.dataRoot, configuration.stateDirectory]
        var problems: [HostProblem] = []
        var checked: Set<UInt64> = []
        for path in paths {
            let existing = PathName.nearestExisting(path)
            // One problem for each file system, however many of the paths lie on it.
            guard checked.insert(try FileStatus.at(existing, followingLinks: true).device).inserted else { continue }
            problems += try FileSystemSpace.at(existing).problems(of: path, minimum: configuration.minimumFreeSpace)
        }
        return problems
    }

    private func volumeProblems(of plan: ResolvedPlan) throws(HostError) -> [HostProblem] {
        let wanted = DataDirectories.wanted(by: plan)
        // What has no data does not mind what lies in the place of all data.
        var problems =
            try wanted.isEmpty ? [] : dataDirectories(of: plan.stack).obstacles(to: wanted).map { HostProblem($0) }
        for (name, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            for volume in container.volumes {
                guard case .path(let path) = volume.source else { continue }
                do throws(HostError) {
                    try HostPath(path: path, container: name).check()
                } catch {
                    problems.append(HostProblem(error))
                }
            }
        }
        return problems
    }

    private func secretFileProblems(of plan: ResolvedPlan) throws(HostError) -> [HostProblem] {
        guard configuration.requiresMemoryForSecrets,
            plan.containers.values.contains(where: { !$0.secretFiles.isEmpty })
        else { return [] }
        let directory = configuration.runtimeDirectory
        guard try !FileSystemSpace.isInMemory(PathName.nearestExisting(directory)) else { return [] }
        return [
            HostProblem(
                message: "the runtime directory '\(directory)' is on a disk; mounted secrets are kept in memory only",
                hint: "set 'runtimeDirectory' to a directory on a tmpfs, such as '/dev/shm/fairlead'")
        ]
    }

    private func subnetProblems(of plan: ResolvedPlan) -> [HostProblem] {
        let interfaces = HostInterface.all().filter { !$0.isStackBridge }
        return plan.network.namedSubnets.flatMap { text, wanted in
            interfaces.filter { $0.subnet.overlaps(wanted) }.map {
                HostProblem(
                    message: "subnet '\(text)' overlaps with that of the host's interface '\($0.name)'",
                    hint: "choose another in 'network'; 'ip route' shows what is taken")
            }
        }
    }

    /// Looked at for two seconds: a container that ended a moment ago may still hold its ports, and between two looks
    /// at one that crashes it takes them again.
    package func portProblems(of plan: ResolvedPlan) async -> [HostProblem] {
        var problems = portProblems(of: plan, except: await ownPorts())
        let end = ContinuousClock.now + .seconds(2)
        while !problems.isEmpty, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            problems = portProblems(of: plan, except: await ownPorts())
        }
        return problems
    }

    private func portProblems(of plan: ResolvedPlan, except own: Set<UInt16>) -> [HostProblem] {
        plan.containers.sorted { $0.key < $1.key }.flatMap { name, container in
            container.ports.filter { !own.contains($0.hostPort) }.compactMap { mapping in
                PortProbe(mapping).problem.map {
                    HostProblem(message: "container '\(name)': \($0.message)", hint: $0.hint)
                }
            }
        }
    }
}
