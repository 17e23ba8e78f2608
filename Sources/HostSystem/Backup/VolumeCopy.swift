internal import FoundationEssentials
internal import Planning

/// One data directory as it is copied, after the plan, the labels of the image and the defaults.
struct VolumeCopy: Hashable, Sendable {
    let name: String
    let directory: String
    /// The container that writes it, on the host; absent when none does.
    let container: String?
    let mode: VolumeBackup.Mode
    let engine: VolumeBackup.Engine
    let dump: [String]
    let load: [String]?
    let exclude: [String]
    let include: [String]

    /// Before `.age` and the number of the part.
    var streamName: String {
        if engine == .restic { return "\(name).restic.tar" }
        return mode == .hook ? "\(name).dump.zst" : "\(name).tar.zst"
    }

    /// The same once nothing writes it: its files are as good as a dump then, and no container has to run for them.
    var ofStopped: Self {
        Self(
            name: name, directory: directory, container: nil, mode: .live, engine: engine, dump: [], load: nil,
            exclude: exclude, include: include)
    }

    /// Those of `plan` by name, without the ones of mode `none`, and those of which nobody knows how to copy them. `labels`
    /// are those of the containers, by name in the plan; `directory` says where a volume lies.
    static func all(
        of plan: ResolvedPlan, labels: [String: [String: String]], directory: (VolumePlan) -> String
    ) -> (copies: [VolumeCopy], failures: [VolumeFailure]) {
        var copies: [String: VolumeCopy] = [:]
        var failures: [String: VolumeFailure] = [:]
        for (name, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            let data = container.volumes.filter { $0.dataName != nil }
            for volume in data where !volume.readOnly || copies[volume.dataName ?? ""] == nil {
                guard let volumeName = volume.dataName else { continue }
                let described = BackupLabels(labels[name] ?? [:], of: name)
                let wanted: VolumeBackup
                do throws(HostError) {
                    wanted = try described.completed(volume.backup, isOnly: data.count == 1, target: volume.target)
                } catch {
                    failures[volumeName] = VolumeFailure(volumeName, notSaved: error)
                    continue
                }
                copies[volumeName] = VolumeCopy(
                    name: volumeName, directory: directory(volume),
                    container: volume.readOnly ? nil : plan.hostName(of: name),
                    mode: volume.readOnly ? .live : wanted.mode ?? .pause, engine: wanted.engine ?? .tar,
                    dump: wanted.dump ?? [], load: wanted.load,
                    exclude: wanted.exclude, include: wanted.include)
            }
        }
        return (
            copies.values.filter { $0.mode != .none && failures[$0.name] == nil }.sorted { $0.name < $1.name },
            failures.values.sorted { $0.name < $1.name }
        )
    }
}

extension VolumePlan {
    var dataName: String? {
        guard case .data(let name) = source else { return nil }
        return name
    }
}

/// How an image describes its own backup. A command that does not begin with `[` is one for the shell.
struct BackupLabels {
    static let mode = "io.fairlead.backup.mode"
    static let engine = "io.fairlead.backup.engine"
    static let dump = "io.fairlead.backup.dump"
    static let exclude = "io.fairlead.backup.exclude"
    /// The mounted path that they are about, where the container has several data directories.
    static let target = "io.fairlead.backup.target"
    static let load = "io.fairlead.restore.load"

    private let labels: [String: String]
    private let container: String

    init(_ labels: [String: String], of container: String) {
        self.labels = labels
        self.container = container
    }

    /// `plan`, with what it leaves open from the labels.
    func completed(_ plan: VolumeBackup?, isOnly: Bool, target: String) throws(HostError) -> VolumeBackup {
        var backup = plan ?? VolumeBackup()
        let meant = labels[Self.target].map { $0 == target } ?? isOnly
        if meant, backup.mode == nil, backup.dump == nil {
            backup.mode = try labels[Self.mode].map { text throws(HostError) in try choice(text, Self.mode) }
        }
        if meant, backup.dump == nil, backup.mode == nil || backup.mode == .hook {
            backup.dump = labels[Self.dump].map(command)
            backup.load = labels[Self.load].map(command)
        }
        if meant, backup.exclude.isEmpty { backup.exclude = labels[Self.exclude].map(list) ?? [] }
        if backup.mode == nil, backup.dump != nil { backup.mode = .hook }
        if meant, backup.engine == nil, backup.mode != .hook {
            backup.engine = try labels[Self.engine].map { text throws(HostError) in try choice(text, Self.engine) }
        }
        if let (message, hint) = backup.engineProblem {
            throw HostError("'\(target)' of container '\(container)': \(message)", hint: hint)
        }
        if backup.mode == .hook, backup.dump == nil {
            throw HostError(
                "'\(target)' of container '\(container)' has backup mode 'hook', but nobody says how to dump it",
                hint: "add 'dump' and 'load' to the volume's 'backup', or the label '\(Self.dump)' to the image")
        }
        return backup
    }

    private func choice<Value: RawRepresentable<String>>(_ text: String, _ label: String) throws(HostError) -> Value {
        guard let value = Value(rawValue: text) else {
            let key = label.split(separator: ".").last ?? ""
            throw HostError(
                "the label '\(label)' of container '\(container)' is '\(text)'",
                hint: "correct the image, or write '\(key)' into the volume's 'backup'")
        }
        return value
    }

    private func command(_ text: String) -> [String] { words(text) ?? ["/bin/sh", "-c", text] }
    private func list(_ text: String) -> [String] { words(text) ?? [text] }

    private func words(_ text: String) -> [String]? {
        guard text.hasPrefix("[") else { return nil }
        return try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}
