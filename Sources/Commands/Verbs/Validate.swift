internal import ArgumentParser
internal import GitSource
internal import Planning

struct Validate: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Check a customer repo's directory.",
        discussion: """
            Needs neither root nor Podman nor a configuration: made for the CI of a customer repo. Checks the plan for \
            every host and every size, and reports all problems at once. In a clone it is compared with the last two \
            commits too: data that would stay behind is warned about. Whether the secrets exist is not checked, since \
            that takes the VSN's key.

            Example: fairlead validate .
            Example: fairlead validate . --host vsn1 --output json
            """)

    @Argument(help: "The directory that holds plan.json.", completion: .directory)
    var directory: String

    @Option(help: ArgumentHelp("Check the plan of one host only.", valueName: "name"))
    var host: String?

    @Option(
        help: ArgumentHelp("Apply the policy of a VSN's configuration too.", valueName: "file"), completion: .file())
    var config: String?

    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let resolver = PlanResolver(tree: DirectoryTree(root: directory), policy: try policy(context))
        let hosts = try host.map { [$0] } ?? resolver.hosts()
        let problems = try problems(resolver) + resolver.omissions(of: hosts) + losses(resolver, hosts)
        let report = ProblemsReport(directory: directory, hosts: hosts, problems: problems.sorted())
        try context.write(report, as: output.output)
        if output.output == .text { tellFailurePolicy(resolver, hosts, context) }
        return report.errors == 0 ? .success : .failure
    }

    /// Chosen or not, people should know it before the first deployment that fails.
    private func tellFailurePolicy(_ resolver: PlanResolver, _ hosts: [String], _ context: CommandContext) {
        let policies = hosts.compactMap { try? resolver.resolve(host: $0).plan.onFailure }
        guard policies.contains(.containerless) else { return }
        let note =
            "note: onFailure is \"\(FailurePolicy.containerless.rawValue)\": \(FailurePolicy.containerless.meaning)"
        for line in context.chatterStyle.wrapped(note, margin: "") { context.console.note(line) }
    }

    /// Of data, against what was committed before. Warnings, since nobody here knows what the hosts run.
    private func losses(_ resolver: PlanResolver, _ hosts: [String]) -> [PlanProblem] {
        let former = WorkingCopy(directory).formerTrees.map { PlanResolver(tree: $0, policy: nil) }
        let found = hosts.flatMap { host -> [PlanProblem] in
            guard let plan = try? resolver.resolve(host: host).plan else { return [] }
            return former.flatMap { before in
                DataSuccession(from: try? before.resolve(host: host).plan, to: plan).problems(found: [])
            }
        }
        return Set(found).sorted().map { problem in
            var warning = problem
            warning.severity = .warning
            return warning
        }
    }

    private func policy(_ context: CommandContext) throws -> VSNPolicy? {
        guard let config else { return nil }
        let source = ConfigurationSource(file: config, environment: context.environment)
        return try VSNConfiguration(from: source).policy
    }

    private func problems(_ resolver: PlanResolver) throws -> [PlanProblem] {
        guard let host else { return try resolver.validateAll() }
        return try resolver.validate(host: host)
    }
}
