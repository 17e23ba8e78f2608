/// A program that a plan needs on its host.
public struct RequiredProgram: Hashable, Sendable {
    public let name: String
    /// Completes "needed for …".
    public let purpose: String

    public init(_ name: String, for purpose: String) {
        self.name = name
        self.purpose = purpose
    }
}

extension MountPlan {
    /// What `mount` itself calls for it.
    public var helper: String { type == .nfs ? "mount.nfs" : "mount.cifs" }
}

extension ResolvedPlan {
    /// What the services of this plan need beyond their containers: channels, jobs, backups. Each once.
    public var requiredPrograms: [RequiredProgram] {
        var seen: Set<String> = []
        return (channels.flatMap(\.programs) + jobPrograms + backupPrograms).filter { seen.insert($0.name).inserted }
    }

    /// Whether a container is asked over HTTP how it is.
    public var asksWithHTTP: Bool {
        containers.values.contains { container in
            [container.health?.check, container.liveness?.check].contains { if case .http = $0 { true } else { false } }
        }
    }

    private var jobPrograms: [RequiredProgram] {
        let isMaintained = maintenance?.cleanup != nil || maintenance?.healthcheck != nil
        guard isMaintained || channels.contains(where: \.isSentByJob) else { return [] }
        let checking = maintenance?.healthcheck != nil && asksWithHTTP ? ["curl"] : []
        return (["bash", "flock", "timeout"] + checking + ["crontab"]).map { RequiredProgram($0, for: "cron jobs") }
    }

    /// Those without which nothing is copied for a backup; the others bring to its targets what was copied.
    public var copyPrograms: [RequiredProgram] {
        let later = ["rclone", "curl"] + (backup?.targets.values.compactMap(\.mount?.helper) ?? [])
        return backupPrograms.filter { !later.contains($0.name) }
    }

    private var backupPrograms: [RequiredProgram] {
        guard let backup else { return [] }
        let isLocked = backup.targets.values.contains { $0.lock != nil }
        let isBig = containers.values.flatMap(\.volumes).contains { $0.backup?.engine == .restic }
        // The copy is a script; `age-keygen` tells the host's own public half.
        let always = [
            "rclone", "tar", "zstd", "age", "age-keygen", "split", "ssh-keygen", "bash", "find", "xargs", "sha256sum",
        ]
        let mounts = backup.targets.values.compactMap(\.mount?.helper).sorted()
        return always.map { RequiredProgram($0, for: "backups") }
            + mounts.map { RequiredProgram($0, for: "the share of a backup target") }
            + (isLocked ? [RequiredProgram("curl", for: "locks of backups, which it reads back")] : [])
            + (isBig ? [RequiredProgram("restic", for: "the engine 'restic' of backups")] : [])
    }
}
