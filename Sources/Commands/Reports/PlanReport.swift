internal import Model
internal import Planning
internal import Reconciling

/// What deploying a commit or a directory would change on this host.
struct PlanReport: Report {
    enum Action: String, Codable, Sendable {
        /// Nothing differs.
        case none
        /// Nothing is deployed yet.
        case install
        case redeploy
        /// Only hotfixed containers are replaced.
        case hotfix
        /// Only what concerns no container: cron jobs, mail, backups, settings of the host, the host's key.
        case settings
        /// The plan is refused.
        case refused
    }

    struct Deployed: Codable, Hashable, Sendable {
        var commit: String
        var deployment: Int64
        var version: String
    }

    var host: String
    /// Absent for a directory.
    var commit: CommitSummary?
    var directory: String?
    var stack: String?
    var version: String?
    var action: Action
    var changes: [PlanChange]
    var deployed: Deployed?
    /// The copy of the data that would be made before; absent when none would.
    var copy: DataCopy?
    /// Warnings, and errors when the plan is refused.
    var problems: [PlanProblem]

    /// What the images that run say of themselves, where the plan leaves it open; absent where nothing is known.
    var notes: [String]?

    /// Why the host would refuse it as its data is now, or does not believe the commit; absent where neither is in the way.
    var refusal: String?

    /// What it took the last time; without figures where none was made yet.
    struct DataCopy: Codable, Hashable, Sendable {
        var volumes: [String]
        var bytes: Int64?
        var milliseconds: Int64?
    }

    var status: ExitStatus {
        switch action {
        case _ where refusal != nil: .failure
        case .none: .success
        case .refused: .failure
        case .install, .redeploy, .hotfix, .settings: .changes
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        let changed = changes.map {
            "  \($0.mark(style)) \("\($0)\($0.attribution(beside: commit?.name))".printable)"
        }
        return problems.map { $0.line(style) } + [headline(style)] + changed
            + (notes ?? []).map { style.faint("  note: \($0)".printable) }
            + [copy.map { "  \($0.words)".printable }].compactMap(\.self)
            + [refusalLine(style)].compactMap(\.self)
    }

    private func refusalLine(_ style: TextStyle) -> String? {
        refusal.map { style.bad(((action == .refused ? "  " : "would be refused: ") + $0).printable) }
    }

    private func headline(_ style: TextStyle) -> String {
        let subject = commit.map { "\($0.short) \($0.words)".printable } ?? directory ?? ""
        let count = changes.count.counted("change")
        let target = "\(stack ?? "") \(version ?? "")"
        return switch action {
        case .none: style.good("nothing to deploy") + ": \(subject)"
        case .refused: style.bad("refused") + ": \(subject)"
        case .install: style.strong("install \(target)") + ": \(subject)"
        case .redeploy: style.strong("redeploy \(target)") + ", \(count): \(subject)"
        case .hotfix: style.strong("hotfix \(target)") + ", \(count): \(subject)"
        case .settings: style.strong("settings of \(target)") + ", \(count), no container is replaced: \(subject)"
        }
    }
}

extension PlanReport {
    /// `lastCopy`: what the last copy of the data before a deployment cost.
    init(
        _ candidate: Candidate, host: String, directory: String?, deployed: DeployedState?, lastCopy: SnapshotCost?
    ) {
        self.init(host: host, directory: directory, deployed: deployed)
        copy = DataCopy(candidate, deployed, lastCopy)
        commit = directory == nil ? CommitSummary(candidate.commit) : nil
        stack = candidate.desired.plan.stack
        version = candidate.desired.plan.version
        changes = candidate.changes
        problems = candidate.warnings
        action = Self.action(candidate, deployed)
        notes = Self.notes(candidate.desired.plan, deployed)
    }

    /// Of images that are deployed under the same name; of others nothing is known before they are brought.
    private static func notes(_ plan: ResolvedPlan, _ deployed: DeployedState?) -> [String]? {
        let notes = plan.containers.sorted { $0.key < $1.key }.flatMap { name, container -> [String] in
            guard let deployed, deployed.desired.plan.image(of: name) == plan.image(of: name) else { return [] }
            return deployed.images[name]?.facts?.notes(on: container, as: name, of: plan) ?? []
        }
        return notes.isEmpty ? nil : notes
    }

    init(_ problems: PlanProblems, host: String, commit: Commit?, directory: String?, deployed: DeployedState?) {
        self.init(host: host, directory: directory, deployed: deployed)
        self.commit = commit.map(CommitSummary.init)
        self.problems = problems.problems
        action = .refused
    }

    /// Of a commit that is not believed, and of whose plan nothing is told.
    init(_ refusal: UntrustedCommit, of tip: Commit, host: String, deployed: DeployedState?) {
        self.init(host: host, directory: nil, deployed: deployed)
        commit = CommitSummary(tip)
        self.refusal = "\(refusal)"
        action = .refused
    }

    private init(host: String, directory: String?, deployed: DeployedState?) {
        self.host = host
        self.directory = directory
        self.deployed = deployed.map {
            Deployed(commit: $0.commit.hex, deployment: $0.deployment, version: $0.desired.plan.version)
        }
        action = .none
        changes = []
        problems = []
    }

    private static func action(_ candidate: Candidate, _ deployed: DeployedState?) -> Action {
        guard deployed != nil else { return .install }
        if candidate.isDeployed { return .none }
        guard let replacing = candidate.replacing else { return .redeploy }
        return replacing.isEmpty ? .settings : .hotfix
    }
}

extension PlanChange {
    /// With the commit that made it, unless `named` stands above it.
    func line(beside named: CommitID?) -> String { "\(subject): \(text)\(attribution(beside: named))".printable }

    func mark(_ style: TextStyle) -> String {
        switch kind {
        case .added: style.good("+")
        case .removed: style.bad("-")
        case .changed: style.warning("~")
        }
    }
}

extension PlanReport.DataCopy {
    fileprivate init?(_ candidate: Candidate, _ deployed: DeployedState?, _ last: SnapshotCost?) {
        guard !candidate.isDeployed, candidate.replacing?.isEmpty != true,
            let scope = SnapshotScope(
                from: deployed?.desired.plan, to: candidate.desired.plan, replacing: candidate.replacing)
        else { return nil }
        volumes = scope.volumes.sorted()
        bytes = last?.bytes
        milliseconds = last?.milliseconds
    }

    fileprivate var words: String {
        let names = volumes.quoted
        guard let bytes, let milliseconds else {
            return "while the stack is stopped, \(names) is copied first; what that costs is not known yet (first time)"
        }
        let (size, time) = (ByteCount(bytes: bytes).rounded, SpokenDuration.text(milliseconds: milliseconds))
        return "while the stack is stopped, \(names) is copied first: about \(size), \(time) (as the last time)"
    }
}
