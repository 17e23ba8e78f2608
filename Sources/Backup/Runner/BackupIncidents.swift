package import Incidents
package import Model

/// What backups and drills report, in words for people; a failure that goes on is told once.
package struct BackupIncidents: Sendable {
    private let reporter: IncidentReporter

    package init(reporter: IncidentReporter) { self.reporter = reporter }

    func copyFailed(_ deployed: DeployedState, _ error: any Error) async throws {
        try await open(
            .copy, cause: "copy",
            details(
                deployed.desired.plan, headline: "no backup was made", error,
                action: "it is tried again; the last backup stays as it is"))
    }

    func copied(_ deployed: DeployedState, _ sealed: Backups.Sealed) async throws {
        let plan = deployed.desired.plan
        try await tellGap(plan, sealed)
        try await tellShrink(plan, sealed.manifest.shrunk)
        try await tellLeftOut(plan, sealed.leftOut)
    }

    private func tellGap(_ plan: ResolvedPlan, _ sealed: Backups.Sealed) async throws {
        if let container = sealed.held.first {
            return try await open(
                .copy, cause: "held: \(container)",
                details(
                    plan, headline: "container '\(container)' does not go on after its backup",
                    ["it was held while its data was copied, and the engine does not let it go on"],
                    action: "it is tried again with the next backup, and when Fairlead starts",
                    advice: "see what 'podman inspect \(container)' says, then 'podman unpause' or 'podman start' it"))
        }
        guard let gap = sealed.manifest.gap else {
            return try await close(.copy, plan, "a complete backup was made")
        }
        try await open(
            .copy,
            cause: "incomplete: \((sealed.manifest.incomplete ?? [:]).keys.sorted().joined(separator: ", "))",
            details(
                plan, headline: "the backup is \(gap)", sealed.failures.map(\.words),
                action: "what could be saved is saved; of the rest the last run that holds it stays the newest",
                advice: sealed.failures.first?.hint ?? ""))
    }

    /// Nobody deletes half of the data without knowing, but a program does.
    private func tellShrink(_ plan: ResolvedPlan, _ shrunk: [String: String]) async throws {
        guard !shrunk.isEmpty else {
            return try await close(.size, plan, "every data directory is as big as it should be")
        }
        let names = shrunk.keys.sorted()
        let list = names.quoted
        try await open(
            .size, cause: "shrunk: \(names.joined(separator: ", "))",
            details(
                plan, headline: "much less was saved of \(list) than before",
                shrunk.sorted { $0.key < $1.key }.map { "'\($0)' has \($1)" },
                action: "the backup is delivered, and marked; earlier ones stay as they are",
                advice: "see what is in it; where it is meant, 'fairlead backup accept \(names.joined(separator: " "))'"
            ))
    }

    /// A fault, or malice, of what runs in a container.
    package func tellLeftOut(_ plan: ResolvedPlan, _ leftOut: [String: [String]]) async throws {
        guard !leftOut.isEmpty else {
            return try await close(.paths, plan, "everything in the data directories can be saved")
        }
        let names = leftOut.keys.sorted()
        let list = names.quoted
        try await open(
            .paths, cause: "deep: \(names.joined(separator: ", "))",
            details(
                plan, headline: "a part of \(list) lies too deep to be saved",
                leftOut.sorted { $0.key < $1.key }.flatMap { name, paths in paths.map { "'\($0)' in '\(name)'" } },
                action: "everything else is saved: with these directories it could not be restored",
                advice: "see what nests directories without end, and remove them; the next backup closes this"))
    }

    /// `runs` will never be where they waited to go.
    func gaveWay(_ runs: [BackupRunID], _ plan: ResolvedPlan) async throws {
        let names = runs.map(\.description).joined(separator: ", ")
        try await open(
            .spool, cause: "room",
            details(
                plan, headline: "backups that waited were given up",
                ["this host's disk had no room for another one beside run \(names)"],
                action: "the newest run is kept, and of each data directory at least one copy",
                advice: "see which target takes no backups: 'fairlead status'; then 'fairlead backup now'"))
    }

    func nothingWaits(_ plan: ResolvedPlan) async throws {
        try await close(.spool, plan, "no backup waits on this host")
    }

    func released(_ delivery: Backups.ReleaseDelivery, _ plan: ResolvedPlan) async throws {
        let subject = BackupSubject.release(delivery.target)
        if let failure = delivery.failure {
            return try await open(
                subject, cause: "release",
                details(
                    plan, headline: "the vendor's files of \(delivery.version) are not at '\(delivery.target)'",
                    failure, action: "it is tried again; the stack runs without them"))
        }
        guard delivery.unlocked.isEmpty else {
            return try await open(
                subject, cause: "lock",
                unlockedDetails(plan, "the vendor's files at '\(delivery.target)' are not locked", delivery.unlocked))
        }
        try await close(subject, plan, "the vendor's files are at '\(delivery.target)'")
    }

    func delivered(_ delivery: Backups.Delivery, _ plan: ResolvedPlan) async throws {
        let subject = BackupSubject.target(delivery.target)
        if let failure = delivery.failure {
            return try await open(
                subject, cause: "delivery",
                details(
                    plan, headline: "backup not delivered to '\(delivery.target)'", failure,
                    action: "the backup waits on this host and is sent again"))
        }
        guard delivery.missing.isEmpty else {
            return try await open(
                subject, cause: "missing",
                details(
                    plan, headline: "backup at '\(delivery.target)' is not whole", delivery.missing,
                    action: "the next backup sends everything again",
                    advice: "find out who removed it: 'fairlead backup prune' keeps what other runs need"))
        }
        guard delivery.unlocked.isEmpty else {
            return try await open(
                subject, cause: "lock",
                unlockedDetails(plan, "backup at '\(delivery.target)' is not locked", delivery.unlocked))
        }
        try await close(subject, plan, "the backup was delivered to '\(delivery.target)'")
    }

    /// `warnings`: why newer runs than the one that was used were passed over.
    package func drilled(_ plan: ResolvedPlan, _ error: (any Actionable)?, warnings: [String]) async throws {
        if let error {
            return try await open(
                .drill, cause: plan.backup?.drill == nil ? BackupSubject.unscheduled : "drill",
                details(
                    plan, headline: "the backup drill failed", error,
                    action: "the stack was not touched; what the drill made is removed"))
        }
        guard warnings.isEmpty else {
            var details = IncidentDetails(
                headline: "the newest backup cannot be restored",
                reason: warnings.prefix(3).joined(separator: "; "),
                action: "the backup drill used an older one, which serves",
                advice: "make a new one ('fairlead backup now'); who can write to the storage?", host: plan.host)
            details.set(plan)
            return try await open(.drill, cause: "older", details)
        }
        try await close(.drill, plan, "the stack serves on its newest backup")
    }

    /// Ends what nobody will try again, since `plan`, which is deployed, does not have it any more. True when the drill is
    /// among it.
    package func leftPlan(_ plan: ResolvedPlan) async throws -> Bool {
        var kept = BackupSubject.all(of: plan.backup)
        if plan.backup != nil, try await reporter.cause(of: .backup(.drill)) == BackupSubject.unscheduled {
            kept.insert(.drill)
        }
        let ended = try await reporter.closeAll(.backup, but: Set(kept.map(IncidentSubject.backup))) { name in
            var details = IncidentDetails(
                headline: "incident of '\(name)' ended: it is not in the plan",
                reason: "the deployed plan does not have it any more",
                action: "it is not tried again; runs that exist stay",
                host: plan.host)
            details.set(plan)
            return details
        }
        return ended.contains(BackupSubject.drill.name)
    }

    private func unlockedDetails(_ plan: ResolvedPlan, _ headline: String, _ objects: [String]) -> IncidentDetails {
        details(
            plan, headline: headline, objects, action: "what is there can be overwritten or deleted",
            advice: "set the bucket's default retention; see docs/backup.md")
    }

    private func details(
        _ plan: ResolvedPlan, headline: String, _ error: any Error, action: String
    ) -> IncidentDetails {
        let known = error as? any Actionable
        var details = IncidentDetails(
            headline: headline, reason: known?.message ?? "\(error)", action: action,
            advice: known.flatMap { $0.hint.isEmpty ? nil : $0.hint }, host: plan.host)
        details.set(plan)
        return details
    }

    private func details(
        _ plan: ResolvedPlan, headline: String, _ findings: [String], action: String, advice: String
    ) -> IncidentDetails {
        var details = IncidentDetails(
            headline: headline, reason: findings.prefix(3).joined(separator: "; "), action: action, advice: advice,
            host: plan.host)
        details.set(plan)
        return details
    }

    private func open(_ subject: BackupSubject, cause: String, _ details: IncidentDetails) async throws {
        try await reporter.open(.backup(subject), cause: cause, details)
    }

    private func close(_ subject: BackupSubject, _ plan: ResolvedPlan, _ reason: String) async throws {
        var details = IncidentDetails(
            headline: "recovered: \(reason)", reason: reason, action: "nothing is to be done", host: plan.host)
        details.set(plan)
        try await reporter.close(.backup(subject), details)
    }
}

extension IncidentDetails {
    fileprivate mutating func set(_ plan: ResolvedPlan) {
        stack = plan.stack
        version = plan.version
    }
}
