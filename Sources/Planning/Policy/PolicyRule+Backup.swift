internal import Model

/// Where backups go, and where the vendor's files come from.
extension PolicyRule {
    static let backupDirectories = Self(
        keys: ["targets/*/directory", "targets/*/local", "vendor/directory", "vendor/local"].map { "/backup/\($0)" }
    ) { policy, plan in
        plan.places.compactMap { pointer, target in
            guard target.mount == nil, case .directory(let path, _) = target.store else { return nil }
            return policy.problem(ofDirectory: path, at: "\(pointer)/directory", in: plan)
        }
    }

    static let storages = Self(keys: ["/backup/targets/*/rclone", "/backup/vendor/rclone"]) { policy, plan in
        guard let allowed = policy.allowedStorages else { return [] }
        return plan.places.compactMap { pointer, target in
            guard case .rclone(let options, _) = target.store, let type = options["type"]?.source,
                !allowed.contains(type)
            else { return nil }
            return policy.refusal(
                "a storage of type '\(type)' is not allowed", at: "\(pointer)/rclone", setting: "allowedStorages",
                list: allowed, lacks: type)
        }
    }

    static let remotes = Self(keys: ["/backup/targets/*/remote", "/backup/vendor/remote"]) { policy, plan in
        plan.places.compactMap { pointer, target in
            guard case .remote(let name, _) = target.store, !policy.ownRemotes.contains(name) else { return nil }
            return PlanProblem(
                file: PlanResolver.planFile, pointer: "\(pointer)/remote",
                message: "this VSN has no remote '\(name)'",
                hint: "write its options to the VSN's configuration: \"remotes\": {\"\(name)\": {\"type\": …}}"
                    + (policy.ownRemotes.isEmpty ? "" : ", or name one of \(policy.ownRemotes.quotedList)"))
        }
    }

    static let mounts = Self(
        keys: ["type", "source", "options"].map { "/backup/targets/*/mount/\($0)" }
    ) { policy, plan in
        guard let allowed = policy.allowedMounts else { return [] }
        return plan.places.compactMap { pointer, target in
            guard let source = target.mount?.source else { return nil }
            let place = String(source.replacing(":/", with: "/", maxReplacements: 1).drop { $0 == "/" })
            guard !allowed.contains(where: { VSNPolicy.covers($0, place) }) else { return nil }
            return policy.refusal(
                "the mount of '\(source)' is not allowed", at: "\(pointer)/mount/source", setting: "allowedMounts",
                list: allowed, lacks: place)
        }
    }
}

extension ResolvedPlan {
    /// The targets of the backups and the vendor's storage, with their pointers.
    fileprivate var places: [(pointer: String, target: BackupTarget)] {
        var places = (backup?.targets ?? [:]).sorted { $0.key < $1.key }.map { name, target in
            (pointer: JSONPointer.child(name, of: "/backup/targets"), target: target)
        }
        if let vendor = backup?.vendor { places.append((pointer: "/backup/vendor", target: vendor.target)) }
        return places
    }
}

extension VSNPolicy {
    fileprivate func problem(ofDirectory path: String, at pointer: String, in plan: ResolvedPlan) -> PlanProblem? {
        func never(_ reason: String) -> PlanProblem {
            PlanProblem(
                file: PlanResolver.planFile, pointer: pointer,
                message: "directory '\(path)' is not allowed for backups: \(reason)",
                hint: "name a directory of its own, such as '/mnt/backup/\(plan.stack)'")
        }
        if let own = HostDirectory.protected(by: path, own: ownDirectories) {
            return never("it holds, or lies in, '\(own)', which is the host's own")
        }
        if let name = plan.container(thatWrites: path) {
            return never("container '\(name)' can write there, or to a part of it")
        }
        guard !backupDirectories.contains(where: { VSNPolicy.covers($0, path) }) else { return nil }
        return refusal(
            "directory '\(path)' is not allowed for backups", at: pointer, setting: "backupDirectories",
            list: backupDirectories, lacks: path)
    }
}

extension ResolvedPlan {
    /// A container that has `path`, something below it, or something above it as a host path that it can write.
    fileprivate func container(thatWrites path: String) -> String? {
        containers.sorted { $0.key < $1.key }.first { _, container in
            container.volumes.contains { volume in
                guard case .path(let mounted) = volume.source, !volume.readOnly else { return false }
                return VSNPolicy.covers(mounted, path) || VSNPolicy.covers(path, mounted)
            }
        }?.key
    }
}
