internal import Model

extension PlanDraft {
    private struct DataMount {
        let container: String
        let pointer: String
        let name: String
        let volume: VolumePlan
    }

    func checkDataDirectories() {
        var seen: [DataMount] = []
        for mount in dataMounts {
            guard DataName.isAccepted(inPlan: mount.name) else {
                log.error(
                    "'\(mount.name)' cannot be the name of a data directory", at: "\(mount.pointer)/data",
                    hint: "write a name such as 'database', of letters, digits, '.', '_' and '-'")
                continue
            }
            for other in seen { compare(mount, with: other) }
            seen.append(mount)
        }
    }

    private var dataMounts: [DataMount] {
        containers.flatMap { container in
            container.plan.volumes.enumerated().compactMap { index, volume in
                guard case .data(let name) = volume.source, !name.isEmpty else { return nil }
                return DataMount(
                    container: container.name, pointer: "\(container.pointer)/volumes/\(index)", name: name,
                    volume: volume)
            }
        }
    }

    private func compare(_ mount: DataMount, with other: DataMount) {
        guard mount.name == other.name else { return }
        if mount.container != other.container && !mount.volume.readOnly && !other.volume.readOnly {
            log.error(
                "data directory '\(mount.name)' is written by '\(other.container)' and '\(mount.container)'",
                at: "\(mount.pointer)/data",
                hint: "give each its own, or set 'readOnly' on all but one")
        }
        if mount.volume.owner != other.volume.owner || mount.volume.mode != other.volume.mode {
            log.error(
                "data directory '\(mount.name)' has another owner or mode in '\(other.container)'",
                at: mount.pointer, hint: "write the same 'owner' and 'mode' in both")
        }
    }
}
