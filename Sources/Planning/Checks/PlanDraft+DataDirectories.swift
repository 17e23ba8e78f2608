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
            guard RepositoryPath(mount.name) != nil else {
                log.error(
                    "'\(mount.name)' cannot be the name of a data directory", at: "\(mount.pointer)/data",
                    hint: "write a relative name such as 'database', without '..' and without '/' at its ends")
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
        if mount.name == other.name {
            compareSame(mount, with: other)
        } else if mount.name.hasPrefix(other.name + "/") || other.name.hasPrefix(mount.name + "/") {
            log.error(
                "data directory '\(mount.name)' and '\(other.name)' of '\(other.container)' lie in each other",
                at: "\(mount.pointer)/data", hint: "give them names that do not contain each other")
        }
    }

    private func compareSame(_ mount: DataMount, with other: DataMount) {
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
