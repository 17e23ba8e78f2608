internal import Model

extension PlanReader {
    func backup(_ cursor: PlanCursor) -> BackupPlan {
        var plan = BackupPlan(recipients: keys(cursor["recipients"], where: PublicKey.canEncrypt), targets: [:])
        plan.schedule = cursor["schedule"].map(schedule) ?? plan.schedule
        plan.drill = cursor["drill"].map(schedule)
        plan.signers = keys(cursor["signers"], where: PublicKey.canSignBackups)
        for (name, target) in cursor["targets"]?.members ?? [] {
            plan.targets[name] = self.target(target, name)
        }
        plan.restore = cursor["restore"].map(restorePolicy) ?? plan.restore
        plan.shrinkAlert = cursor["shrinkAlert"]?.integer
        plan.beforeDeploy = cursor["beforeDeploy"].map { cursor in
            // A text can only be "none".
            BeforeDeploy(keep: cursor.value.string == nil ? cursor["keep"]?.integer ?? 1 : 0)
        }
        plan.vendor = cursor["vendor"].map { vendor in
            VendorPlan(target: target(vendor, "vendor"), signers: keys(vendor["signers"], where: PublicKey.canSign))
        }
        return plan
    }

    func volumeBackup(_ cursor: PlanCursor) -> VolumeBackup {
        let backup = VolumeBackup(
            mode: cursor["mode"]?.choice(), engine: cursor["engine"]?.choice(), dump: cursor["dump"]?.texts,
            load: cursor["load"]?.texts,
            exclude: cursor["exclude"].map(patterns) ?? [], include: cursor["include"].map(patterns) ?? [],
            timeout: cursor["timeout"]?.written())
        if (backup.dump == nil) != (backup.load == nil) {
            cursor.error(
                "'dump' and 'load' belong together",
                hint: "add the commands that write a dump to standard output and read it from standard input")
        }
        if let mode = backup.mode, mode != .hook, backup.dump != nil || backup.load != nil {
            cursor.error("'dump' and 'load' belong to mode 'hook'", hint: "write \"mode\": \"hook\", or remove them")
        }
        if let (message, hint) = backup.engineProblem { cursor.error(message, hint: hint) }
        return backup
    }

    private func target(_ cursor: PlanCursor, _ name: String) -> BackupTarget {
        let mount = cursor["mount"].map(MountReader.mount)
        let store = mount.map { self.store(cursor, in: $0.place(of: name)) } ?? self.store(cursor)
        let target = BackupTarget(
            store: store, lock: cursor["lock"]?.written(), bandwidth: cursor["bandwidth"]?.written(), mount: mount)
        if let (message, hint) = target.lockProblem { cursor["lock"]?.error(message, hint: hint) }
        return target
    }

    private func store(_ cursor: PlanCursor, in place: String) -> BackupTarget.Store {
        let path = cursor["path"]?.text ?? ""
        checkRemotePath(path, cursor)
        return .directory(path.isEmpty ? place : "\(place)/\(path)", local: false)
    }

    private func checkRemotePath(_ path: String, _ cursor: PlanCursor) {
        guard path.hasPrefix("/") || path.leadsUp else { return }
        cursor["path"]?.error("'\(path)' is not a path on a remote", hint: "write a path such as 'bucket/acme'")
    }

    private func store(_ cursor: PlanCursor) -> BackupTarget.Store {
        if let directory = cursor["directory"] {
            if let path = directory.text, !path.hasPrefix("/") || path.leadsUp {
                directory.error("'\(path)' is not an absolute path", hint: "write a path such as '/mnt/backup/acme'")
            }
            return .directory(directory.text ?? "", local: cursor["local"]?.flag ?? false)
        }
        let path = cursor["path"]?.text ?? ""
        checkRemotePath(path, cursor)
        if let name = cursor["remote"]?.text { return .remote(name, path: path) }
        return .rclone(options: cursor["rclone"].map(options) ?? [:], path: path)
    }

    private func options(_ cursor: PlanCursor) -> [String: SecretText] {
        var options: [String: SecretText] = [:]
        for (name, value) in cursor.members { options[name] = value.text.map(SecretText.init(source:)) }
        if let type = options["type"]?.source {
            for (option, message, hint) in RemoteOptions.problems(type: type, names: options.keys) {
                cursor[option]?.error(message, hint: hint)
            }
            if let needed = RemoteOptions.needed(of: type), options[needed]?.source.isEmpty ?? true {
                cursor.error("a remote of type '\(type)' needs '\(needed)'", hint: RemoteOptions.neededHint)
            }
        } else {
            cursor.error("the remote has no 'type'", hint: "add for example \"type\": \"s3\"")
        }
        return options
    }

    private func restorePolicy(_ cursor: PlanCursor) -> RestorePolicy {
        switch cursor.text {
        case "newest", nil: .newest
        case "required": .required
        case "never": .never
        case let id?: .run(id)
        }
    }

    func keys(_ cursor: PlanCursor?, where fits: (String) -> Bool) -> [String] {
        (cursor?.elements ?? []).compactMap { element in
            guard let text = element.text else { return nil }
            if !fits(text) {
                element.error(
                    "'\(text.shortened)' is not a public key for this, or not a whole one",
                    hint: "write 'age1…' (recipients only), or the line of a .pub file (ssh-ed25519, ssh-rsa)")
            }
            return text
        }
    }

    /// Passed on to `tar`, whose own options they must not be.
    private func patterns(_ cursor: PlanCursor) -> [String] {
        cursor.elements.compactMap { element in
            guard let text = element.text else { return nil }
            if text.isEmpty || text.hasPrefix("/") || text.hasPrefix("-") || text.leadsUp
                || text.unicodeScalars.contains(where: { $0.value < 32 })
            {
                element.error(
                    "'\(text)' is not a path inside the data directory", hint: "write a path such as 'cache/*'")
            }
            return text
        }
    }
}
