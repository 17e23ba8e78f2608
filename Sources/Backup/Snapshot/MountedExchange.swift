internal import Files
internal import HostSystem

/// Exchanges the content of a data directory that is a disk of its own, which cannot be renamed: by copying, both ways.
///
/// As long as the content is not complete, the data directory is marked so, and nothing is started on it.
struct MountedExchange: Sendable {
    let host: HostSystem
    let volume: String
    /// Of what comes back.
    let source: SnapshotPlace
    /// Of what is there.
    let target: SnapshotPlace

    /// What is given up goes on removing, also what is put in the same place after it.
    private static let patience = Duration.seconds(24 * 3600)

    private var directory: String { source.directory(of: volume) }
    private var copy: SnapshotCopy { SnapshotCopy(host: host, place: target) }

    /// `wasThere`: what lies in the place of one that was not is a part of what comes back.
    func carryOut(wasThere: Bool, _ progress: @Sendable (String) -> Void) async throws(HostError) {
        guard try SnapshotPlace.exists(source.copy(of: volume)) else { return }
        if wasThere { try await setAside() }
        progress("\(volume) set aside")
        try await fill(from: source.copy(of: volume)) { progress("\(volume) copied back") }
        // From now on a part of it can go.
        try SnapshotPlace.move(source.copy(of: volume), to: source.used(volume))
    }

    /// What was there until then comes back; `wasThere`: it was a directory. Frees first what may have filled the disk.
    func undo(wasThere: Bool) async throws(HostError) {
        let part = target.used("part-\(volume)")
        try await remove(part)
        let isUsed = try SnapshotPlace.exists(source.used(volume))
        if isUsed { try SnapshotPlace.move(source.used(volume), to: source.copy(of: volume)) }
        let isInPart = try RestoreMark.isSet(for: directory)
        let isOther = isUsed || isInPart
        if try SnapshotPlace.exists(target.copy(of: volume)) {
            if isOther { try await fill(from: target.copy(of: volume)) {} }
            // Cut off while it is removed, what is left would be taken for all of the data.
            try SnapshotPlace.move(target.copy(of: volume), to: part)
            try await remove(part)
        } else if !wasThere, isOther {
            try await remove(directory)
            try RestoreMark.remove(for: directory)
        }
    }

    private func remove(_ path: String) async throws(HostError) {
        target.endOrphan()
        try await BlockingWork.run("remove '\(path)'", deadline: Self.patience) { () throws(HostError) in
            try DirectoryContent.remove(path)
        }
    }

    /// Replaces the content of the data directory by that of `whole`.
    private func fill(from whole: String, _ reached: () -> Void) async throws(HostError) {
        let directory = directory
        try RestoreMark.set(for: directory)
        target.endOrphan()
        try await BlockingWork.run("empty '\(directory)'", deadline: Self.patience) { () throws(HostError) in
            try PathName.createDirectories(directory)
            try DirectoryContent.remove(in: directory, except: ["lost+found"])
        }
        try await copy.copy("\(whole)/.", to: "\(directory)/", of: volume)
        reached()
        try await host.syncFileSystem(of: directory)
        try RestoreMark.remove(for: directory)
    }

    /// Under another name first: a part must not be taken for all.
    private func setAside() async throws(HostError) {
        guard try !SnapshotPlace.exists(target.copy(of: volume)), try SnapshotPlace.exists(directory) else { return }
        let part = target.used("part-\(volume)")
        try await remove(part)
        try await copy.copy(directory, to: part, of: volume)
        try await host.syncFileSystem(of: part)
        try SnapshotPlace.move(part, to: target.copy(of: volume))
    }
}
