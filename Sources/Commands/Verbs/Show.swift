internal import ArgumentParser
internal import Journal
internal import Model

struct Show: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one deployment, or one commit with its deployments.",
        discussion: """
            Steps, containers, images, and the error with what to do about it. With --plan the plan of a deployment, as \
            'fairlead plan --resolved' tells it: each value with the file and line that it came from, secrets as references.

            Example: fairlead show 12
            Example: fairlead show 12 --plan
            Example: fairlead show a1b2c3d4e5
            """)

    @Argument(help: "A deployment's number, or the beginning of a commit id.")
    var subject: String

    @Flag(help: "Show the plan that the deployment was to deploy; of a commit, its newest one.")
    var plan = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        let report = try await ShowReport(subject, from: journal)
        guard plan else {
            try context.write(report, as: output.output)
            return .success
        }
        guard let deployment = report.deployments.first else { throw PlanNotKept(subject: subject) }
        guard let document = try await journal.plan(of: deployment.deployment) else {
            throw PlanNotKept(subject: "#\(deployment.deployment)", commit: deployment.commit?.short)
        }
        var plan = ResolvedPlanReport(document, host: configuration.host)
        plan.commit = deployment.commit
        plan.deployment = deployment.deployment
        for (name, image) in deployment.images { plan.take(image.facts?.savedValues ?? [], of: name) }
        try context.write(plan, as: output.output)
        return .success
    }
}

/// The plan of a teardown, of a commit that was never deployed, or of a deployment before plans were kept.
struct PlanNotKept: Actionable {
    let subject: String
    var commit: String?

    var message: String { "the journal has no plan of '\(subject)'" }
    var hint: String { "'fairlead plan --resolved \(commit ?? "COMMIT")' tells the plan of a commit" }
    var disposition: Disposition { .permanent }
}
