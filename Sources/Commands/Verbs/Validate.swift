internal import ArgumentParser
internal import Planning

struct Validate: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Check a customer repo's directory.",
        discussion: """
            Needs neither root nor Podman nor a configuration: made for the CI of a customer repo. Checks the plan for \
            every host and every size, and reports all problems at once. Whether the secrets exist is not checked, \
            since that takes the VSN's key.

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
        let problems = try problems(resolver)
        let hosts = try host.map { [$0] } ?? resolver.hosts()
        let report = ProblemsReport(directory: directory, hosts: hosts, problems: problems.sorted())
        try context.write(report, as: output.output)
        return report.errors == 0 ? .success : .failure
    }

    private func policy(_ context: CommandContext) throws -> VSNPolicy? {
        guard let config else { return nil }
        let source = ConfigurationSource(file: config, environment: context.environment)
        return try VSNConfiguration(from: source).policy
    }

    private func problems(_ resolver: PlanResolver) throws -> [PlanProblem] {
        guard let host else { return try resolver.validateAll() }
        do {
            return try resolver.resolve(host: host).warnings
        } catch let problems as PlanProblems {
            return problems.problems
        }
    }
}
