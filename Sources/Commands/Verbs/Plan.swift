internal import ArgumentParser
internal import Backup
internal import GitSource
internal import Model
internal import Planning
internal import Reconciling

struct Plan: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what deploying would change; changes nothing.",
        discussion: """
            Compares what is deployed with the tip of the branch, a commit, or a directory that is to become one.

            Of a tip that this host does not believe nothing is read: it is told why, and what to do. A commit that is \
            named is read, whoever signed it, and it is told whether this host would refuse it.

            Exit status: 0 nothing to deploy, 2 changes, 1 failed or the plan would be refused.

            With --resolved the plan itself is told: after size, host entry and variables, each value with the file and \
            line that it comes from. Secrets stay references. With it stands how each data directory is saved, also where the \
            labels of an image say so. Exit status then: 0 told, 1 failed or the plan is broken.

            Example: fairlead plan
            Example: fairlead plan --directory ~/acme-stack
            Example: fairlead plan --resolved --host berlin a1b2c3d4e5
            """)

    @Argument(help: "A commit of the branch, by the beginning of its id; the tip when left out.")
    var commit: String?

    @Flag(help: "Tell the whole plan of this host, or of --host, in place of what would change.")
    var resolved = false

    @Option(help: ArgumentHelp("Compare a local directory.", valueName: "dir"), completion: .directory)
    var directory: String?

    @Option(help: ArgumentHelp("Compare a commit of the branch, by the beginning of its id.", valueName: "commit"))
    var revision: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard [directory, revision, commit].count(where: { $0 != nil }) < 2 else {
            throw ValidationError("--directory, --revision and a commit exclude each other")
        }
        // A script's empty variable must not mean any commit.
        guard revision?.isEmpty != true, commit?.isEmpty != true else {
            throw ValidationError("the commit must not be empty")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let logger = ProgressDisplay(context).logger
        if resolved {
            let report = try await HostComposition.with(configuration, in: context, logger: logger, resolvedPlan)
            try context.write(report, as: output.output)
            return .success
        }
        let report = try await HostComposition.with(configuration, in: context, logger: logger, plan)
        try context.write(report, as: output.output)
        return report.status
    }
}

extension Plan {
    /// Of a tip that is not believed here nothing is read; a commit that is named is, whether it is believed or not.
    private func plan(on host: HostComposition) async throws -> PlanReport {
        let deployed = try await host.deployedState()
        let last = try await host.lastSnapshotCost()
        if let directory { return try await host.plan(of: directory, deployed: deployed, lastCopy: last) }
        do {
            let id = try await commit(on: host)
            guard commit ?? revision != nil, let doubt = try await host.doubt(about: id) else {
                return try await host.plan(of: id, deployed: deployed, lastCopy: last)
            }
            return try await host.plan(of: id, despite: doubt, deployed: deployed, lastCopy: last)
        } catch let refusal as UntrustedCommit {
            let tip = try await host.source.commit(refusal.tip)
            return PlanReport(refusal, of: tip, host: host.configuration.host, deployed: deployed)
        }
    }

    private func commit(on host: HostComposition) async throws -> CommitID {
        guard let named = commit ?? revision else { return try await host.believedTip().commit }
        return try await host.commit(named)
    }

    private func resolvedPlan(on host: HostComposition) async throws -> ResolvedPlanReport {
        if let directory {
            var report = try await resolvedPlan(in: DirectoryTree(root: directory), on: host)
            report.directory = directory
            return report
        }
        let id = try await commit(on: host)
        var report = try await resolvedPlan(in: try await host.source.tree(at: id), on: host)
        report.commit = CommitSummary(try await host.source.commit(id))
        return report
    }

    private func resolvedPlan(in tree: any SourceTree, on host: HostComposition) async throws -> ResolvedPlanReport {
        let resolver = PlanResolver(tree: tree, policy: nil)
        let name = host.configuration.host
        var report = ResolvedPlanReport(try resolver.document(host: name), host: name)
        let plan = try resolver.resolve(host: name).plan
        let deployed = try await host.deployedState()
        report.take(plan, after: deployed)
        report.backups = try await BackupOutlook(
            host: host.host, deployed: deployed, stored: host.engine.images
        ).ways(of: plan)
        return report
    }
}

extension HostComposition {
    fileprivate func plan(
        of directory: String, deployed: DeployedState?, lastCopy: SnapshotCost?
    ) async throws -> PlanReport {
        let tree = DirectoryTree(root: directory)
        do {
            let candidate = try await candidate(in: tree, as: try .uncommitted, deployed: deployed)
            let report = PlanReport(
                candidate, host: configuration.host, directory: directory, deployed: deployed, lastCopy: lastCopy)
            return try await lookingAtData(report, of: candidate, after: deployed)
        } catch let problems as PlanProblems {
            return PlanReport(
                problems, host: configuration.host, commit: nil, directory: directory, deployed: deployed)
        }
    }

    fileprivate func plan(
        of id: CommitID, deployed: DeployedState?, lastCopy: SnapshotCost?
    ) async throws -> PlanReport {
        do {
            let candidate = try await candidate(at: id, deployed: deployed)
            let attributed = try await attribution.attributed(candidate, since: deployed)
            let report = PlanReport(
                attributed, host: configuration.host, directory: nil, deployed: deployed, lastCopy: lastCopy)
            return try await lookingAtData(report, of: candidate, after: deployed)
        } catch let problems as PlanProblems {
            let commit = try await source.commit(id)
            let attributed = try await attribution.attributed(problems, at: commit, since: deployed)
            return PlanReport(
                attributed, host: configuration.host, commit: commit, directory: nil, deployed: deployed)
        }
    }

    /// Why it would not be believed if it were the tip; `nil` when it would.
    fileprivate func doubt(about id: CommitID) async throws -> UntrustedCommit? {
        do {
            try await believe(id)
            return nil
        } catch let refusal as UntrustedCommit {
            return refusal
        }
    }

    /// What keeps the plan from being compared, such as a secret that is missing, does not keep `doubt` from being told.
    fileprivate func plan(
        of id: CommitID, despite doubt: UntrustedCommit, deployed: DeployedState?, lastCopy: SnapshotCost?
    ) async throws -> PlanReport {
        do {
            var report = try await plan(of: id, deployed: deployed, lastCopy: lastCopy)
            report.refusal = "\(doubt)"
            report.copy = nil
            return report
        } catch let error as any Actionable where !error.isInterruption {
            let commit = try await source.commit(id)
            var report = PlanReport(doubt, of: commit, host: configuration.host, deployed: deployed)
            report.notes = [error.message]
            return report
        }
    }

    /// With what the deployment would find of the data before it begins.
    private func lookingAtData(
        _ report: PlanReport, of candidate: Candidate, after deployed: DeployedState?
    ) async throws -> PlanReport {
        guard report.action != .none,
            let refusal = try await DataForecast(host: self).refusal(of: candidate, after: deployed)
        else { return report }
        var refused = report
        refused.refusal = "\(refusal)"
        refused.copy = nil
        return refused
    }

    /// The commit of the branch's history whose id begins with `revision`; fetched.
    fileprivate func commit(_ revision: String) async throws -> CommitID {
        let tip = try await source.remoteTip()
        try await source.fetch(tip)
        let history = try await source.history(of: tip.commit, since: nil, limit: 100_000)
        let matches = history.map(\.id).filter { $0.hex.hasPrefix(revision.lowercased()) }
        guard matches.count <= 1 else { throw AmbiguousCommit(subject: revision, count: matches.count) }
        guard let match = matches.first else { throw UnknownRevision(revision: revision) }
        return match
    }
}

extension Commit {
    /// Stands for a directory that is to become a commit.
    fileprivate static var uncommitted: Commit {
        get throws {
            guard let id = CommitID(String(repeating: "0", count: 40)) else { throw UnknownRevision(revision: "0") }
            return Commit(id: id, author: "", email: "", time: 0, subject: "", parents: [])
        }
    }
}

/// No commit of the branch.
struct UnknownRevision: Actionable {
    let revision: String

    var message: String { "'\(revision)' is no commit in the history of the branch" }
    var hint: String { "write the id, or its beginning, of a commit that was pushed to it" }
    var disposition: Disposition { .permanent }
}
