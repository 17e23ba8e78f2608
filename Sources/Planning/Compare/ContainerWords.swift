internal import Model

/// Words for the fields of a container.
enum ContainerWords {
    static func changes(of key: String, from old: ContainerPlan, to new: ContainerPlan) -> [FieldChange] {
        switch key {
        case "image": ImageWords.changes(from: old.image, to: new.image)
        case "environment": environmentChanges(from: old.environment, to: new.environment)
        case "volumes": volumeChanges(from: old.volumes, to: new.volumes)
        case "files": fileChanges(from: old.files, to: new.files)
        case "secretFiles": secretFileChanges(from: old.secretFiles, to: new.secretFiles)
        case "ports":
            KeyedComparison.changes("port", from: old.ports.map(\.description), to: new.ports.map(\.description))
        case "dependsOn": KeyedComparison.changes("dependency on", from: old.dependsOn, to: new.dependsOn)
        case "restartWith":
            KeyedComparison.changes("restart with", from: old.restartWith ?? [], to: new.restartWith ?? [])
        case "tmpfs": KeyedComparison.changes("tmpfs", from: old.tmpfs, to: new.tmpfs)
        case "health": HealthWords.changes(from: old.health, to: new.health)
        case "resources": resourceChanges(from: old.resources, to: new.resources)
        case "capabilities": capabilityChanges(from: old.capabilities, to: new.capabilities)
        case "labels": labelChanges(from: old.labels, to: new.labels)
        case "userns": [.changed(key, (old.userns ?? .host).rawValue, (new.userns ?? .host).rawValue)]
        case "logs": [.changed(key, words(of: old.logs), words(of: new.logs))]
        case "stopTimeout": [.changed(key, old.stopTimeout.description, new.stopTimeout.description)]
        default: []
        }
    }

    private static func environmentChanges(
        from old: [String: SecretText], to new: [String: SecretText]
    ) -> [FieldChange] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
            switch (old[name], new[name]) {
            case (let before?, let after?):
                .changed("environment \(name)", before.source.shown, after.source.shown)
            case (_, let after):
                after.map { .added("environment \(name)", $0.source.shown) } ?? .removed("environment \(name)")
            }
        }
    }

    private static func volumeChanges(from old: [VolumePlan], to new: [VolumePlan]) -> [FieldChange] {
        KeyedComparison.changes("volume", from: old.byTarget(\.target), to: new.byTarget(\.target)) {
            target, old, new in
            var changes: [FieldChange] = []
            let label = "volume '\(target)'"
            if old.source != new.source { changes.append(.changed(label, old.source.words, new.source.words)) }
            changes += optionChanges(label, "owner", old.owner, new.owner)
            changes += optionChanges(label, "mode", old.mode, new.mode)
            if old.readOnly != new.readOnly {
                changes.append(.changed("\(label) readOnly", "\(old.readOnly)", "\(new.readOnly)"))
            }
            if old.backup != new.backup { changes.append(.altered("\(label) backup")) }
            if old.mayBeEmpty != new.mayBeEmpty {
                let (before, after) = (old.mayBeEmpty ?? false, new.mayBeEmpty ?? false)
                changes.append(.changed("\(label) mayBeEmpty", "\(before)", "\(after)"))
            }
            changes += dataWordChanges(label, old, new)
            return changes
        }
    }

    private static func dataWordChanges(_ label: String, _ old: VolumePlan, _ new: VolumePlan) -> [FieldChange] {
        var changes: [FieldChange] = []
        if old.formerly != new.formerly {
            changes.append(
                .changed("\(label) formerly", old.formerly?.shown ?? "nothing", new.formerly?.shown ?? "nothing"))
        }
        let (before, after) = (old.startEmpty ?? false, new.startEmpty ?? false)
        if old.startEmpty != new.startEmpty {
            changes.append(.changed("\(label) startEmpty", "\(before)", "\(after)"))
        }
        return changes
    }

    private static func fileChanges(from old: [FilePlan], to new: [FilePlan]) -> [FieldChange] {
        KeyedComparison.changes("file", from: old.byTarget(\.target), to: new.byTarget(\.target)) { target, old, new in
            let label = "file '\(target)'"
            return old.source == new.source
                ? [.altered(label)] : [.changed("\(label) source", old.source.shown, new.source.shown)]
        }
    }

    private static func secretFileChanges(from old: [SecretFilePlan], to new: [SecretFilePlan]) -> [FieldChange] {
        KeyedComparison.changes("secret file", from: old.byTarget(\.target), to: new.byTarget(\.target)) {
            target, old, new in
            let label = "secret file '\(target)'"
            let secret =
                old.secret == new.secret ? [] : [FieldChange.changed(label, old.secret.shown, new.secret.shown)]
            return secret + optionChanges(label, "owner", old.owner, new.owner)
                + optionChanges(label, "mode", old.mode, new.mode)
        }
    }

    private static func optionChanges<Value: WrittenValue>(
        _ label: String, _ name: String, _ old: Value?, _ new: Value?
    ) -> [FieldChange] {
        guard old != new else { return [] }
        return [.changed("\(label) \(name)", old?.description ?? "default", new?.description ?? "default")]
    }

    private static func resourceChanges(from old: ResourcePlan, to new: ResourcePlan) -> [FieldChange] {
        [
            limitChange("memory", old.memory?.spaced, new.memory?.spaced),
            limitChange("cpus", old.cpus?.plain, new.cpus?.plain),
            limitChange("pids", old.pids?.description, new.pids?.description),
        ].compactMap(\.self)
    }

    private static func limitChange(_ name: String, _ old: String?, _ new: String?) -> FieldChange? {
        old == new ? nil : .changed(name, old ?? "unlimited", new ?? "unlimited")
    }

    private static func capabilityChanges(from old: CapabilityPlan, to new: CapabilityPlan) -> [FieldChange] {
        KeyedComparison.changes("capability", from: old.add, to: new.add)
            + KeyedComparison.changes("drop of capability", from: old.drop, to: new.drop)
    }

    private static func words(of logs: ContainerLogPlan?) -> String {
        guard let logs else { return "default" }
        return logs.driver.rawValue + (logs.maximum.map { " of at most \($0.spaced)" } ?? "")
    }

    private static func labelChanges(from old: [String: String], to new: [String: String]) -> [FieldChange] {
        KeyedComparison.changes("label", from: old, to: new) { [.changed("label \($0)", $1.shown, $2.shown)] }
    }
}

extension Array {
    /// The first of each target: a plan with two does not resolve.
    fileprivate func byTarget(_ target: (Element) -> String) -> [String: Element] {
        Dictionary(map { (target($0), $0) }) { first, _ in first }
    }
}

extension VolumePlan.Source {
    fileprivate var words: String {
        switch self {
        case .data(let name): "data '\(name)'"
        case .path(let path): "path '\(path)'"
        case .release(let path): "release file '\(path)'"
        }
    }
}

extension ByteCount {
    /// `512 MiB`: exact, for people.
    fileprivate var spaced: String {
        let text = description
        let digits = text.prefix { $0.isWholeNumber }
        return "\(digits) \(text.dropFirst(digits.count))"
    }
}

extension Double {
    /// `1`, `0.5`.
    fileprivate var plain: String { self == rounded() && magnitude < 1e15 ? "\(Int64(self))" : "\(self)" }
}
