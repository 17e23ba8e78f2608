internal import ArgumentParser
internal import ContainerEngine
internal import GitSource
internal import HostSystem
internal import Model
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

            With --images the registries are asked what the images say of themselves, through skopeo and with the login \
            of whoever runs it: what would end step 1 of a deployment is an error here.

            Example: fairlead validate .
            Example: fairlead validate . --host vsn1 --output json
            Example: fairlead validate . --images --platform linux/arm64
            """)

    @Argument(help: "The directory that holds plan.json.", completion: .directory)
    var directory: String

    @Option(help: ArgumentHelp("Check the plan of one host only.", valueName: "name"))
    var host: String?

    @Option(
        help: ArgumentHelp("Apply the policy of a VSN's configuration too.", valueName: "file"), completion: .file())
    var config: String?

    @Flag(help: "Ask the registries for what the images say of themselves.")
    var images = false

    @Option(
        help: ArgumentHelp(
            "The processor of the VSNs, such as linux/arm64, for --images; this machine's unless it is given.",
            valueName: "platform"))
    var platform: String?

    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let resolver = PlanResolver(tree: DirectoryTree(root: directory), policy: try policy(context))
        let hosts = try host.map { [$0] } ?? resolver.hosts()
        let outlook = try await images ? outlook(resolver, hosts, context) : nil
        let problems = try problems(resolver) + resolver.omissions(of: hosts) + losses(resolver, hosts)
        let report = ProblemsReport(
            directory: directory, hosts: hosts, images: outlook?.images,
            problems: (problems + (outlook?.problems ?? [])).sorted())
        try context.write(report, as: output.output)
        if output.output == .text { tellFailurePolicy(resolver, hosts, context) }
        return report.errors == 0 ? .success : .failure
    }

    /// Of every host whose plan can be read; what is wrong with another one is told besides.
    private func outlook(
        _ resolver: PlanResolver, _ hosts: [String], _ context: CommandContext
    ) async throws -> ImageOutlook {
        let given = platform.map { HostPlatform(words: $0) } ?? HostPlatform.current()
        guard let given else { throw UnknownPlatform(text: platform) }
        let plans = hosts.compactMap { host in (try? resolver.resolve(host: host).plan).map { (host, $0) } }
        return await ImageOutlook(
            plans: Dictionary(uniqueKeysWithValues: plans), platform: given,
            policy: try policy(context) ?? VSNPolicy(),
            inquiry: try ImageInquiry(for: given, environment: context.environment)
        ).found()
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

struct UnknownPlatform: Actionable {
    let text: String?

    var message: String { "'\(text ?? "this machine")' is no platform of images" }
    var hint: String { "write '--platform' as images do: 'linux/amd64', 'linux/arm64', 'linux/arm/v7'" }
    var disposition: Disposition { .permanent }
}
