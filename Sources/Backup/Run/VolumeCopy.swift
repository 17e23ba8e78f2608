internal import Files
internal import Model

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
    /// The image says a part of it.
    var isByImage = false
    /// For the manifest.
    var notes: [String] = []
    /// How long its dump may take.
    var timeout = VolumeBackup.standardTimeout

    /// Before `.age` and the number of the part.
    var streamName: String {
        if engine == .restic { return "\(name).restic.tar" }
        return mode == .hook ? "\(name).dump.zst" : "\(name).tar.zst"
    }

    /// The same once nothing writes it: its files are as good as a dump then, and no container has to run for them.
    var ofStopped: Self {
        Self(
            name: name, directory: directory, container: nil, mode: .live, engine: engine, dump: [], load: nil,
            exclude: exclude, include: include, isByImage: isByImage, notes: notes)
    }

    /// Those of `plan` by name, without the ones of mode `none`, and those of which nobody knows how to copy them. `labels`
    /// are those of the containers, by name in the plan; `directory` says where a volume lies.
    static func all(
        of plan: ResolvedPlan, labels: [String: [String: String]], directory: (VolumePlan) -> String
    ) -> (copies: [VolumeCopy], failures: [VolumeFailure]) {
        var copies: [String: VolumeCopy] = [:]
        var failures: [String: VolumeFailure] = [:]
        for (name, user) in users(of: plan) {
            let volume = user.volume
            do throws(HostError) {
                let rule = try user.rule(labels[user.container] ?? [:])
                let wanted = rule.backup
                copies[name] = VolumeCopy(
                    name: name, directory: directory(volume),
                    container: volume.readOnly ? nil : plan.hostName(of: user.container),
                    mode: user.mode(by: rule), engine: engine(by: rule),
                    dump: wanted.dump ?? [], load: wanted.load, exclude: wanted.exclude, include: wanted.include,
                    isByImage: rule.isByImage,
                    notes: rule.notes, timeout: wanted.timeout ?? VolumeBackup.standardTimeout)
            } catch {
                failures[name] = VolumeFailure(name, notSaved: error)
            }
        }
        return (
            copies.values.filter { $0.mode != .none && failures[$0.name] == nil }.sorted { $0.name < $1.name },
            failures.values.sorted { $0.name < $1.name }
        )
    }

    static func engine(by rule: BackupRule) -> VolumeBackup.Engine { rule.backup.engine ?? .tar }

    /// A container that mounts a data directory.
    struct User {
        let container: String
        let volume: VolumePlan
        /// It mounts no other one.
        let hasNoOther: Bool

        /// What the plan says goes before what an image says, a container that writes before one that reads.
        var weight: Int { volume.readOnly ? 0 : volume.backup == nil ? 1 : 2 }

        /// How the directory is saved; `labels` are those of the container, with those of its image.
        func rule(_ labels: [String: String]) throws(HostError) -> BackupRule {
            try BackupLabels(labels, of: container)
                .rule(for: volume.backup, isOnly: hasNoOther, target: volume.target)
        }

        func mode(by rule: BackupRule) -> VolumeBackup.Mode { volume.readOnly ? .live : rule.backup.mode ?? .pause }
    }

    /// Whose word counts for each data directory, by its name.
    static func users(of plan: ResolvedPlan) -> [String: User] {
        var users: [String: User] = [:]
        for (container, described) in plan.containers.sorted(by: { $0.key < $1.key }) {
            let data = described.volumes.filter { $0.dataName != nil }
            for volume in data {
                let user = User(container: container, volume: volume, hasNoOther: data.count == 1)
                guard let name = volume.dataName, users[name].map({ $0.weight <= user.weight }) ?? true else {
                    continue
                }
                users[name] = user
            }
        }
        return users
    }
}

extension VolumePlan {
    var dataName: String? {
        guard case .data(let name) = source else { return nil }
        return name
    }
}
