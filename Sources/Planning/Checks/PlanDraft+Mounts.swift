internal import Model

extension PlanDraft {
    func checkMounts(of container: PlacedContainer) {
        checkHostPaths(of: container)
        checkSecretNames(of: container)
        var seen: [MountTarget] = []
        for target in targets(of: container) {
            if let problem = MountTarget.problem(with: target.path) {
                log.error(problem.message, at: target.pointer, hint: problem.hint)
            } else {
                for other in seen { compare(target, with: other) }
                seen.append(target)
            }
        }
    }

    private func targets(of container: PlacedContainer) -> [MountTarget] {
        let plan = container.plan
        func place(_ list: String, _ index: Int) -> String { "\(container.pointer)/\(list)/\(index)" }
        let volumes = plan.volumes.enumerated().map {
            MountTarget(
                path: $1.target, pointer: place("volumes", $0) + "/target",
                kind: $1.isRelease ? .release : .volume)
        }
        let files = plan.files.enumerated().map {
            MountTarget(
                path: $1.target, pointer: place("files", $0) + "/target",
                kind: repository[$1.source] != nil ? .file : .directory)
        }
        let secrets = plan.secretFiles.enumerated().map {
            MountTarget(path: $1.target, pointer: place("secretFiles", $0) + "/target", kind: .file)
        }
        let memory = plan.tmpfs.enumerated().map {
            MountTarget(path: $1, pointer: place("tmpfs", $0), kind: .tmpfs)
        }
        return volumes + files + secrets + memory
    }

    private func compare(_ target: MountTarget, with other: MountTarget) {
        if target.path == other.path {
            log.error(
                "'\(target.path)' is mounted twice", at: target.pointer, hint: "give one of them another target")
            return
        }
        let (outer, inner) = other.contains(target) ? (other, target) : (target, other)
        guard outer.contains(inner) else { return }
        switch (outer.kind, inner.kind) {
        case (.file, _):
            log.error(
                "'\(inner.path)' lies below '\(outer.path)', which is mounted as a file", at: inner.pointer,
                hint: "mount it elsewhere")
        case (.directory, _):
            log.warning(
                "'\(inner.path)' lies in '\(outer.path)', which is mounted read-only", at: inner.pointer,
                hint: "the directory in the repo must have an entry of that name, or mount it elsewhere")
        case (.release, _):
            log.warning(
                "'\(inner.path)' lies in '\(outer.path)', where the vendor's files are mounted read-only",
                at: inner.pointer,
                hint: "the release must have an entry of that name, or mount it elsewhere")
        case (_, .volume), (_, .tmpfs), (_, .release):
            log.warning(
                "'\(inner.path)' hides a part of what is mounted at '\(outer.path)'", at: inner.pointer,
                hint: "mount it elsewhere unless that is meant")
        default: break
        }
    }

    private func checkHostPaths(of container: PlacedContainer) {
        for (index, volume) in container.plan.volumes.enumerated() {
            guard case .path(let path) = volume.source else { continue }
            let pointer = "\(container.pointer)/volumes/\(index)"
            if !path.hasPrefix("/") || (path != "/" && RepositoryPath(String(path.dropFirst())) == nil) {
                log.error(
                    "'\(path)' is not an absolute path of the host", at: "\(pointer)/path",
                    hint: "write one without '..', empty parts and trailing '/'")
            }
            if volume.owner != nil || volume.mode != nil {
                log.warning(
                    "'owner' and 'mode' of host path '\(path)' have no effect", at: pointer,
                    hint: "fairlead never alters a directory that it did not create; remove them")
            }
        }
    }

    private func checkSecretNames(of container: PlacedContainer) {
        for (index, file) in container.plan.secretFiles.enumerated()
        where !file.secret.isEmpty && !ReferenceScope.isSecretName(file.secret) {
            log.error(
                "'\(file.secret)' is not the name of a secret", at: "\(container.pointer)/secretFiles/\(index)/secret",
                hint: "write the name alone: letters, digits, '.', '_' and '-'")
        }
    }
}
