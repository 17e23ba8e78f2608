internal import Model

/// What is wrong with the volumes of a plan that are files of the vendor's release; which files there are is seen when they
/// are fetched.
struct ReleaseVolumeChecks {
    let draft: PlanDraft

    func run() {
        for container in draft.containers {
            for (index, volume) in container.plan.volumes.enumerated() {
                guard case .release(let path) = volume.source else { continue }
                check(path, at: "\(container.pointer)/volumes/\(index)/release", of: container.name)
            }
        }
    }

    private func check(_ path: String, at pointer: String, of container: String) {
        if path != ".", RepositoryPath(path) == nil {
            draft.log.error(
                "'\(path)' is not a path inside the vendor's release", at: pointer,
                hint: "write a path such as 'docs', without '..' and without '/' at its ends, or '.' for all files")
        }
        if draft.plan.backup?.vendor == nil {
            draft.log.error(
                "container '\(container)' mounts files of a release, and the plan names no vendor", at: pointer,
                hint: "add the vendor's storage and its 'signers' as 'backup.vendor', or remove the volume")
        }
    }
}
