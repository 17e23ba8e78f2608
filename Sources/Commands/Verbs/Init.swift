internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import HostSystem
internal import Planning

struct Init: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Write a customer repo to start from.",
        discussion: """
            A plan for a database and a web service with sizes, two hosts, files, an example of secrets, a README for the \
            operator, and pipelines for GitHub and GitLab. Nothing that is there already is overwritten.

            Example: fairlead init acme-stack --stack acme --host vsn1 --registry registry.acme.example
            """)

    @Argument(help: "The directory; made where it is missing, such as an empty clone.", completion: .directory)
    var directory: String

    @Option(help: "Name of the stack, usually the customer's: up to 31 lower-case letters, digits and '-'.")
    var stack: String

    @Option(help: "Name of the first host.")
    var host: String

    @Option(help: ArgumentHelp("Host name of the registry that holds the images.", valueName: "name"))
    var registry = "registry.example.com"

    func validate() throws {
        guard stack.wholeMatch(of: /[a-z]([a-z0-9-]{0,29}[a-z0-9])?/) != nil else {
            throw ValidationError(
                "--stack: use up to 31 lower-case letters, digits and '-', first a letter, last no '-'")
        }
        guard host.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) != nil else {
            throw ValidationError("--host: use letters, digits, '.', '_' and '-'")
        }
        // The template's other host.
        guard host != "staging" else { throw ValidationError("--host: the template has a host 'staging' already") }
        guard registry.wholeMatch(of: /[a-z0-9][a-z0-9.-]*(:[0-9]+)?/) != nil else {
            throw ValidationError("--registry: write a host name, such as 'registry.example.com:5000'")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let template = CustomerRepoTemplate(stack: stack, host: host, registry: registry)
        let files = template.files
        let present = files.map(\.path).filter { access("\(directory)/\($0)", F_OK) == 0 }
        guard present.isEmpty else { throw FilesInTheWay(directory: directory, paths: present) }
        let problems = try PlanResolver(tree: template.merged(into: directory), policy: nil).validateAll()
            .filter { $0.severity == .error }
        guard problems.isEmpty else { throw NoPlan(directory: directory, problems: PlanProblems(problems)) }
        for file in files {
            let path = "\(directory)/\(file.path)"
            let parent = file.path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(parent)", withIntermediateDirectories: true)
            try AtomicFile.write(Array(file.content.utf8), to: path, mode: FileMode(bits: 0o644))
        }
        context.console.result("'\(directory)' is a customer repo of stack '\(stack)' for host '\(host)'".printable)
        for step in nextSteps { context.console.note(step) }
        return .success
    }

    private var nextSteps: [String] {
        [
            "next: write your containers, your mail server and the storage of your backups into plan.json, or \"none\" "
                + "for what is not meant to be; 'fairlead validate \(directory)' says what is still an example",
            "      say who can read the secrets ('fairlead secrets add-recipient'), then 'fairlead secrets edit'",
            "      commit and push; README.md says how to work with it, and how to add a host",
        ]
    }
}

/// What `init` would write is there already.
private struct FilesInTheWay: Actionable {
    let directory: String
    let paths: [String]

    var message: String {
        "'\(directory)' holds \(paths.map { "'\($0)'" }.joined(separator: ", ")) already; nothing was written"
    }
    var hint: String { "name a new directory, or an empty clone" }
    var disposition: Disposition { .permanent }
}

/// What `init` would write makes no valid plan, with the names that were given or with what is there already.
private struct NoPlan: Actionable {
    let directory: String
    let problems: PlanProblems

    var message: String { "'\(directory)' would be no valid customer repo; nothing was written: \(problems.message)" }
    var hint: String { "choose another name, or mend the file that is there already" }
    var disposition: Disposition { .permanent }
}
