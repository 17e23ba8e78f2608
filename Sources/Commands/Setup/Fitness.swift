internal import Jobs

/// Whether a host that is set up may deploy, by what `fairlead doctor` finds of it.
struct Fitness: Sendable {
    /// What is set up may be what ends them, and starts the daemon.
    private static let leftovers = Set(["incidents", "daemon", "stack"] + HostChannels.namesOfPlan)

    let checks: [HostCheck]
    /// Whether the entry of the host has to have the key of this machine.
    let waitsForPin: Bool

    var isFit: Bool {
        let failed = checks.filter { $0.status == .fail && !Self.leftovers.contains($0.name) }
        return failed.isEmpty && !(waitsForPin && checks.contains(where: Self.isUnpinned))
    }

    /// What has to be put in place.
    var missing: [HostCheck] { checks.filter { Self.isFailure($0) || Self.isUnpinned($0) } }

    /// What holds nothing back and is told all the same.
    var notes: [HostCheck] { checks.filter { $0.status == .warn || Self.isFailure($0) } }

    /// State or data of another machine lie here; somebody has to say that they are this one's now.
    var isForeign: Bool { missing.contains { $0.advice.contains { $0.contains("fairlead adopt") } } }

    private static func isFailure(_ check: HostCheck) -> Bool { check.status == .fail && check.name != "daemon" }

    private static func isUnpinned(_ check: HostCheck) -> Bool {
        check.status == .warn && check.name == RepositoryChecks.hostKeyName
    }
}
