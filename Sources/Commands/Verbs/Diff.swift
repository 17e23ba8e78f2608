internal import ArgumentParser
internal import Planning

struct Diff: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Tell what a change of the customer repo would change on each host.",
        discussion: """
            Compares the plans of two directories, such as two commits of the repo in its CI. Needs neither root nor \
            Podman nor a configuration. Values of secrets are not compared, since that takes a host's key. The commit before \
            as a directory: 'git worktree add ../before HEAD~1'.

            Exit status: 0 no change, 2 changes, 1 the new plan is broken.

            Example: fairlead diff ../before .
            """)

    @Argument(help: "What is deployed.", completion: .directory)
    var old: String

    @Argument(help: "What shall be deployed.", completion: .directory)
    var new: String

    @Option(help: ArgumentHelp("One host only.", valueName: "name"))
    var host: String?

    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let before = PlanResolver(tree: DirectoryTree(root: old), policy: nil)
        let after = PlanResolver(tree: DirectoryTree(root: new), policy: nil)
        let names = try host.map { [$0] } ?? after.hosts()
        let gone = try host == nil ? before.hosts().filter { !names.contains($0) } : []
        let sealed = try Self.secretsDiffer(old, new)
        let hosts = try names.map { try DiffReport.Host(name: $0, before: before, after: after) }
        let report = DiffReport(hosts: hosts, removedHosts: gone, secretsChanged: sealed)
        try context.write(report, as: output.output)
        return report.status
    }

    private static func secretsDiffer(_ old: String, _ new: String) throws -> Bool {
        let contents = try [old, new].map { try DirectoryTree(root: $0).content(of: "secrets.json.age") }
        return contents[0] != contents[1]
    }
}

/// What differs between two states of a customer repo.
struct DiffReport: Report {
    struct Host: Codable, Hashable, Sendable {
        enum Action: String, Codable, Sendable {
            case none, install, redeploy
            /// Some containers only, or none: see `containers`.
            case partial
            case refused
        }

        var name: String
        var action: Action
        var stack: String?
        var version: String?
        var changes: [PlanChange]
        /// Those that are replaced; all when absent.
        var containers: [String]?
        /// Why it is refused, or warnings.
        var problems: [PlanProblem]
    }

    var hosts: [Host]
    var removedHosts: [String]
    /// The encrypted file differs: the containers that use a value that changed are deployed again.
    var secretsChanged: Bool

    var status: ExitStatus {
        if hosts.contains(where: { $0.action == .refused }) { return .failure }
        let changed = secretsChanged || !removedHosts.isEmpty || hosts.contains { $0.action != .none }
        return changed ? .changes : .success
    }

    func lines(_ style: TextStyle) -> [String] {
        hosts.flatMap { $0.lines(style) }
            + removedHosts.map { style.warning("\($0.printable): removed; it refuses every plan from then on") }
            + (secretsChanged
                ? ["secrets.json.age differs: containers that use a value that changed are deployed again"] : [])
    }
}

extension DiffReport.Host {
    init(name: String, before: PlanResolver, after: PlanResolver) throws {
        self.init(name: name, action: .refused, changes: [], problems: [])
        do {
            let resolution = try after.resolve(host: name)
            let new = DesiredState(plan: resolution.plan, secretDigests: [:])
            // What was broken, or not there, was never deployed.
            let old = try? DesiredState(plan: before.resolve(host: name).plan, secretDigests: [:])
            stack = resolution.plan.stack
            version = resolution.plan.version
            problems = resolution.warnings
            let data = DataSuccession(from: old?.plan, to: new.plan)
            changes = PlanComparison.changes(from: old, to: new) + data.changes(found: [])
            containers = PlanComparison.replacedContainers(from: old, to: new)?.sorted()
            action = old == nil ? .install : changes.isEmpty ? .none : containers == nil ? .redeploy : .partial
            let loss = data.problems(found: [])
            guard loss.isEmpty else { throw PlanProblems(loss) }
        } catch let error as PlanProblems {
            action = .refused
            problems = error.problems
        }
    }

    fileprivate func lines(_ style: TextStyle) -> [String] {
        problems.map { $0.line(style) } + ["\(name.printable): \(headline(style))"]
            + (action == .install ? [] : changes.map { "  \($0.mark(style)) \("\($0)".printable)" })
    }

    private func headline(_ style: TextStyle) -> String {
        let target = "\(stack ?? "") \(version ?? "")".printable
        return switch action {
        case .none: style.good("nothing to deploy")
        case .refused: style.bad("refused")
        case .install: style.strong("install \(target)")
        case .redeploy: style.strong("redeploy \(target)") + ", \(changes.count.counted("change"))"
        case .partial:
            style.strong("change \(target)") + ", \(changes.count.counted("change")), "
                + (containers?.isEmpty == false
                    ? "replaces \(containers?.joined(separator: ", ").printable ?? "")" : "replaces no container")
        }
    }
}
