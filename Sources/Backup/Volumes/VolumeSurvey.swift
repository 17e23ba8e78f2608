internal import Files
internal import HostSystem
internal import Model

/// Which data directories of a plan a run copies, and why it lacks others.
struct VolumeSurvey: Sendable {
    private(set) var volumes: [VolumeCopy] = []
    private(set) var failures: [VolumeFailure] = []
    /// They are empty, as they always were, or as they may be.
    private(set) var empty: [String] = []
    /// Those of them that may be, by the plan or by an operator's word.
    private(set) var meantEmpty: Set<String> = []
    /// Those that hold something.
    private(set) var filled: Set<String> = []
    /// Every data directory of the plan that has to be saved.
    private(set) var wanted: Set<String> = []

    /// Of the data directories of `plan` on `host`; `labels` are those of its containers, by name in the plan.
    /// `isStopped`: nothing of it runs.
    init(
        of plan: ResolvedPlan, on host: HostSystem, labels: [String: [String: String]], isStopped: Bool
    ) {
        let described = VolumeCopy.all(of: plan, labels: labels) { host.directory(of: $0, in: plan) }
        let memory = VolumeMemory.read(of: plan, stateDirectory: host.configuration.stateDirectory)
        failures = described.failures
        wanted = Set(described.copies.map(\.name) + failures.map(\.name))
        let directories = host.dataDirectories(of: plan.stack)
        let marks = (try? DataMarkFile(stackDirectory: directories.stackDirectory).read()) ?? [:]
        let mayBeEmpty = plan.dataNamesThatMayBeEmpty
        for volume in described.copies {
            do throws(HostError) {
                let finding = try directories.look(
                    at: volume.name, known: marks[volume.name], mayBeEmpty: mayBeEmpty.contains(volume.name))
                if finding.condition == .filled { filled.insert(volume.name) }
                add(isStopped ? volume.ofStopped : volume, finding, memory.volumes[volume.name])
            } catch {
                fail(VolumeFailure(volume.name, notSaved: error))
            }
        }
    }

    private mutating func add(_ volume: VolumeCopy, _ finding: DataFinding, _ known: VolumeMemory.Volume?) {
        switch VolumeJudgement(volume, finding, known) {
        case .copy: volumes.append(volume)
        case .nothing:
            empty.append(volume.name)
            if finding.mayBeEmpty || known?.isAccepted == true { meantEmpty.insert(volume.name) }
        case .fails(let failure): fail(failure)
        }
    }

    /// It is not copied.
    mutating func fail(_ failure: VolumeFailure) {
        volumes.removeAll { $0.name == failure.name }
        failures.append(failure)
    }

    /// Those of which it is not known whether a run holds anything, although they are empty.
    static func unknown(of plan: ResolvedPlan, on host: HostSystem) -> [String] {
        let memory = VolumeMemory.read(of: plan, stateDirectory: host.configuration.stateDirectory)
        let directory = host.dataDirectories(of: plan.stack).stackDirectory
        return DataDirectories.wanted(by: plan).map(\.name).filter { name in
            memory.volumes[name] == nil && (try? DataDirectories.condition(of: "\(directory)/\(name)")) == .empty
        }
    }
}
