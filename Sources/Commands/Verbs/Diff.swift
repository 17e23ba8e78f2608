internal import ArgumentParser
internal import Model
internal import Planning

struct Diff: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Tell what a change of the customer repo would change on each host.",
        discussion: """
            Compares the plans of two directories, or commits of the clone, such as in the repo's CI. Needs neither root nor \
            Podman nor a configuration. Values of secrets are not compared, since that takes a host's key.

            Exit status: 0 no change, 2 changes, 1 the new plan is broken.

            Example: fairlead diff HEAD~1 .
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
        let compared = try await RepoState.with(old, new, home: context.environment["HOME"]) {
            try report(from: $0.directory, to: $1.directory)
        }
        try context.write(compared, as: output.output)
        return compared.status
    }

    private func report(from old: String, to new: String) throws -> DiffReport {
        let (earlier, later) = (DirectoryTree(root: old), DirectoryTree(root: new))
        let before = PlanResolver(tree: earlier, policy: nil)
        let after = PlanResolver(tree: later, policy: nil)
        let names = try host.map { [$0] } ?? after.hosts()
        let gone = try host == nil ? before.hosts().filter { !names.contains($0) } : []
        let moves = try DiffReport.moves(from: before, to: after)
        let hosts = try names.map { name in
            var host = try DiffReport.Host(name: name, before: before, after: after)
            host.takesOver = moves[name]
            host.givesTo = moves.first { $0.value == name }?.key
            return host
        }
        func differs(_ file: String) throws -> Bool { try earlier.content(of: file) != later.content(of: file) }
        return DiffReport(
            hosts: hosts, removedHosts: gone, secretsChanged: try differs("secrets.json.age"),
            recipientsChanged: try differs("secrets.recipients"))
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
        /// The host whose stack and data this one takes over by the change.
        var takesOver: String?
        /// The host that takes over its stack by the change.
        var givesTo: String?
        /// Why it is refused, or warnings.
        var problems: [PlanProblem]
    }

    var hosts: [Host]
    var removedHosts: [String]
    /// The encrypted file differs: the containers that use a value that changed are deployed again.
    var secretsChanged: Bool
    /// Others can open it, for which alone no container is deployed again.
    var recipientsChanged: Bool

    /// The hosts that take over the stack of another one by the change, and whose.
    static func moves(from before: PlanResolver, to after: PlanResolver) throws -> [String: String] {
        func replaced(_ resolver: PlanResolver) throws -> [String: String] {
            try resolver.hosts().reduce(into: [:]) { $0[$1] = try? resolver.resolve(host: $1).plan.replaces }
        }
        let known = try replaced(before)
        return try replaced(after).filter { known[$0.key] != $0.value }
    }

    var status: ExitStatus {
        if hosts.contains(where: { $0.action == .refused }) { return .failure }
        let changed =
            secretsChanged || !removedHosts.isEmpty || hosts.contains { $0.action != .none || $0.givesTo != nil }
        return changed ? .changes : .success
    }

    func lines(_ style: TextStyle) -> [String] {
        hosts.flatMap { $0.lines(style) }
            + removedHosts.map { style.warning("\($0.printable): removed; it refuses every plan from then on") }
            + secretLines
    }

    private var secretLines: [String] {
        switch (secretsChanged, recipientsChanged) {
        case (false, false): []
        case (false, true): ["secrets.recipients differs, and secrets.json.age does not: nobody else can open it yet"]
        case (true, false): ["secrets.json.age differs: containers that use a value that changed are deployed again"]
        case (true, true):
            [
                "others can open secrets.json.age: for that alone no container is deployed again; containers that use a "
                    + "value that changed, too, are"
            ]
        }
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
        if let givesTo, action != .refused {
            return style.warning(
                "gives its stack to host '\(givesTo)': makes a last backup, then nothing runs here".printable)
        }
        if let takesOver, action == .install {
            return style.strong("takes over the stack of host '\(takesOver)'".printable)
                + ": installs \(target) on its last backup"
        }
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
