internal import ArgumentParser
internal import Planning

struct Schema: ContextCommand {
    static let needsRoot = false
    enum Document: String, CaseIterable, ExpressibleByArgument { case plan, configuration }

    static let configuration = CommandConfiguration(
        abstract: "Print a JSON Schema.",
        discussion: """
            The schema of plan.json is what editors use to complete and check a plan.

            Example: fairlead schema > plan.schema.json
            """)

    @Argument(help: "plan or configuration.")
    var document = Document.plan

    func run(in context: CommandContext) async throws -> ExitStatus {
        let text =
            switch document {
            case .plan: JSONSchema.plan.text
            case .configuration: VSNConfiguration.schemaText
            }
        context.console.writeResult(text)
        return .success
    }
}
