internal import ArgumentParser
internal import Files
internal import FoundationEssentials
internal import Glibc
internal import HostSystem
internal import Model
internal import Planning
internal import Processes

struct Init: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Write a customer repo to start from.",
        discussion: """
            A plan for a database and a web service with sizes, one host, files, an example of secrets, a README for the \
            operator, and pipelines for GitHub and GitLab. Nothing that is there already is overwritten. Where the \
            directory is in no clone, 'git init' makes one.

            --on-failure says what runs after a deployment that failed once the old stack was stopped. 'containerless': \
            nothing, until a correction or a revert is pushed, since the new version may have converted the data. \
            'previous': the version of before, on the copy of its data from before.

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

    @Option(
        help: ArgumentHelp(
            "What runs after a deployment that failed: 'containerless' or 'previous'.", valueName: "what"),
        transform: Self.failurePolicy)
    var onFailure = FailurePolicy.containerless

    private static func failurePolicy(_ word: String) throws -> FailurePolicy {
        guard let policy = FailurePolicy(rawValue: word) else {
            throw ValidationError("--on-failure: write 'containerless' or 'previous'")
        }
        return policy
    }

    func validate() throws {
        guard stack.wholeMatch(of: /[a-z]([a-z0-9-]{0,29}[a-z0-9])?/) != nil else {
            throw ValidationError(
                "--stack: use up to 31 lower-case letters, digits and '-', first a letter, last no '-'")
        }
        guard host.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) != nil else {
            throw ValidationError("--host: use letters, digits, '.', '_' and '-'")
        }
        guard registry.wholeMatch(of: /[a-z0-9][a-z0-9.-]*(:[0-9]+)?/) != nil else {
            throw ValidationError("--registry: write a host name, such as 'registry.example.com:5000'")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let template = CustomerRepoTemplate(stack: stack, host: host, registry: registry, onFailure: onFailure)
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
        await makeClone(context)
        context.console.result("'\(directory)' is a customer repo of stack '\(stack)' for host '\(host)'".printable)
        for step in nextSteps { context.console.note(step) }
        return .success
    }

    /// A directory that is in no clone becomes one; what keeps it from that is told, and the files are there all the same.
    private func makeClone(_ context: CommandContext) async {
        guard let git = Command.find("git") else {
            return context.console.note(
                "note: 'git' is not installed: 'git init' makes '\(directory)' a clone".printable)
        }
        let inside = Command(git, ["-C", directory, "rev-parse", "--is-inside-work-tree"])
        if let result = try? await inside.runToEnd(), result.status == 0 { return }
        do {
            _ = try await Command(git, ["init", "--quiet", "--initial-branch=main", directory]).run()
        } catch {
            context.console.note("note: 'git init' failed in '\(directory)': \(error)".printable)
        }
    }

    private var nextSteps: [String] {
        [
            "onFailure is \"\(onFailure.rawValue)\": \(onFailure.meaning); change it in plan.json",
            "next: write your containers, your mail server and the storage of your backups into plan.json, or \"none\" "
                + "for what is not meant to be; 'fairlead validate \(directory)' says what is still an example",
            "      say who can read the secrets ('fairlead secrets add-recipient'), then 'fairlead secrets edit'",
            "      commit and push; README.md says how to work with it, and how to add a host",
        ]
    }
}

extension FailurePolicy {
    /// For whoever chooses.
    var meaning: String {
        switch self {
        case .containerless:
            "after a deployment that fails once the old stack was stopped, nothing runs until a correction or a revert is "
                + "pushed, or 'fairlead rollback' on the host brings the version and the data of before back"
        case .previous:
            "after a deployment that fails once the old stack was stopped, the version of before runs again, on the copy "
                + "of its data from before where there is one"
        }
    }
}

/// What `init` would write is there already.
private struct FilesInTheWay: Actionable {
    let directory: String
    let paths: [String]

    var message: String {
        "'\(directory)' holds \(paths.quoted) already; nothing was written"
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
