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
    /// Warnings, and errors when the plan is refused.
    var problems: [PlanProblem]

    var status: ExitStatus {
        switch action {
        case .none: .success
        case .refused: .failure
        case .install, .redeploy, .hotfix: .changes
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        let changed = changes.map {
            "  \($0.mark(style)) \("\($0)\($0.attribution(beside: commit?.name))".printable)"
        }
        return problems.map { $0.line(style) } + [headline(style)] + changed
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
        }
    }
}

extension PlanReport {
    init(_ candidate: Candidate, host: String, directory: String?, deployed: DeployedState?) {
        self.init(host: host, directory: directory, deployed: deployed)
        commit = directory == nil ? CommitSummary(candidate.commit) : nil
        stack = candidate.desired.plan.stack
        version = candidate.desired.plan.version
        changes = candidate.changes
        problems = candidate.warnings
        action = Self.action(candidate, deployed)
    }

    init(_ problems: PlanProblems, host: String, commit: Commit?, directory: String?, deployed: DeployedState?) {
        self.init(host: host, directory: directory, deployed: deployed)
        self.commit = commit.map(CommitSummary.init)
        self.problems = problems.problems
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
        return candidate.replacing == nil ? .redeploy : .hotfix
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
