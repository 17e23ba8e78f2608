internal import Files
internal import FoundationEssentials
internal import Model

/// How one data directory is saved, after the plan and what its image says.
struct BackupRule: Hashable, Sendable {
    var backup: VolumeBackup
    /// The image says a part of it.
    var isByImage = false
    /// For the manifest: what the image says in vain.
    var notes: [String] = []
}

/// How an image describes its own backup. A command that does not begin with `[` is one for the shell.
///
/// An image may say how its data is saved; whether it is, and what of it, the plan alone says: who can push an image must not
/// switch a backup off.
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

    /// `plan`, with what it leaves open from the labels. What they say wrongly costs nothing but itself.
    func rule(for plan: VolumeBackup?, isOnly: Bool, target: String) throws(HostError) -> BackupRule {
        var said = plan ?? VolumeBackup()
        if said.mode == nil, said.dump != nil { said.mode = .hook }
        guard labels[Self.target].map({ $0 == target }) ?? isOnly else {
            if let problem = problem(of: said, at: target) { throw problem }
            return BackupRule(backup: said)
        }
        let wanted = completed(said)
        guard let problem = problem(of: wanted, at: target) else {
            return BackupRule(backup: wanted, isByImage: wanted != said, notes: vainNotes(said))
        }
        if wanted == said { throw problem }
        if let problem = self.problem(of: said, at: target) { throw problem }
        return BackupRule(
            backup: said, notes: vainNotes(said) + ["what its image says of its backup cannot be followed"])
    }

    private func completed(_ plan: VolumeBackup) -> VolumeBackup {
        var backup = plan
        if backup.mode == nil { backup.mode = wantedMode }
        if backup.dump == nil, backup.mode == nil || backup.mode == .hook {
            backup.dump = labels[Self.dump].map(command)
            backup.load = labels[Self.load].map(command) ?? backup.load
        }
        if backup.mode == nil, backup.dump != nil { backup.mode = .hook }
        if backup.engine == nil, backup.mode != .hook {
            backup.engine = labels[Self.engine].flatMap(VolumeBackup.Engine.init(rawValue:))
        }
        return backup
    }

    private var wantedMode: VolumeBackup.Mode? {
        labels[Self.mode].flatMap(VolumeBackup.Mode.init(rawValue:)).flatMap { $0 == VolumeBackup.Mode.none ? nil : $0 }
    }

    private func vainNotes(_ plan: VolumeBackup) -> [String] {
        var notes: [String] = []
        if plan.mode == nil, labels[Self.mode] == VolumeBackup.Mode.none.rawValue {
            notes.append("its image says that it is not to be saved, which only the plan can say")
        } else if plan.mode == nil, labels[Self.mode] != nil, wantedMode == nil {
            notes.append("its image names a mode of backup that there is not")
        }
        if plan.exclude.isEmpty, labels[Self.exclude] != nil {
            notes.append("its image names what is to be left out, which only the plan can do")
        }
        return notes
    }

    private func problem(of backup: VolumeBackup, at target: String) -> HostError? {
        if let (message, hint) = backup.engineProblem {
            return HostError("'\(target)' of container '\(container)': \(message)", hint: hint)
        }
        guard backup.mode == .hook, backup.dump == nil else { return nil }
        return HostError(
            "'\(target)' of container '\(container)' has backup mode 'hook', but nobody says how to dump it",
            hint: "add 'dump' and 'load' to the volume's 'backup', or the label '\(Self.dump)' to the image")
    }

    private func command(_ text: String) -> [String] {
        guard text.hasPrefix("["), let words = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
            return ["/bin/sh", "-c", text]
        }
        return words
    }
}
