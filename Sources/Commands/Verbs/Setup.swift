internal import ArgumentParser
internal import Files
internal import Model

struct Setup: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make this host follow a customer repo.",
        discussion: """
            Makes the keys that are missing, pins the git host's key, tries the configuration, writes it to \
            /etc/fairlead/config.json and starts Fairlead, now and at each boot. What has to be put in place elsewhere, such as \
            the deploy key, is told and waited for. It can be run again at any time, and goes on where it was. \
            'bootstrap.sh' calls it once the package is installed.

            The token for https:// is read from the environment (FAIRLEAD_GIT_TOKEN) or from --token-file.

            Exit status: 0 Fairlead follows the branch, 1 failed, 2 something has to be put in place elsewhere first.

            Example: fairlead setup --repo ssh://git@git.example.com/acme/config.git --host vsn1
            Example: fairlead setup --repo https://git.example.com/acme.git --host vsn1 --username acme --token-file token
            Example: fairlead setup --adopt
            """)

    @Option(
        help: ArgumentHelp(
            "The customer repo: ssh://git@HOST/PATH, git@HOST:PATH or https://HOST/PATH. Without it the configuration that "
                + "is there stays.", valueName: "url"))
    var repo: String?

    @Option(help: ArgumentHelp("The branch that is deployed; main when left out.", valueName: "name"))
    var branch: String?

    @Option(
        help: ArgumentHelp(
            "The name of this host in the customer repo, as in hosts/NAME.json; the system's name when left out.",
            valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("Between two polls of the repo, such as 30s.", valueName: "duration"))
    var interval: String?

    @Option(
        help: ArgumentHelp(
            "Of the git host: 'SHA256:…', a line of known_hosts, or 'accept' to take what it shows.", valueName: "key"))
    var hostKey: String?

    @Option(
        help: ArgumentHelp(
            "Who has to sign the commits that are deployed: a file of allowed signers of ssh-keygen, one such line, or a "
                + "keyring of gpg.", valueName: "who"))
    var signers: String?

    @Option(
        help: ArgumentHelp(
            "The full id of a commit that the branch has to contain for ever; the tip when left out.",
            valueName: "commit"))
    var anchor: String?

    @Option(help: ArgumentHelp("For https://, with the token.", valueName: "name"))
    var username: String?

    @Option(help: ArgumentHelp("A file with the token for https://.", valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(help: ArgumentHelp("Certificates to trust for https://.", valueName: "file"), completion: .file())
    var caFile: String?

    @Option(help: ArgumentHelp("The web proxy, http://HOST:PORT.", valueName: "url"))
    var proxy: String?

    @Option(help: ArgumentHelp("Hosts and networks that are reached without it, with commas.", valueName: "list"))
    var noProxy: String?

    @Option(help: ArgumentHelp("For a proxy that wants a login.", valueName: "name"))
    var proxyUser: String?

    @Option(help: ArgumentHelp("A file with its password.", valueName: "file"), completion: .file())
    var proxyPasswordFile: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait for what others have to put in place; 0s looks once.", valueName: "duration"),
        transform: PlanDuration.argument)
    var wait = PlanDuration.seconds(900)

    @Flag(help: "Take over state and data that were copied from another machine, which must not run the stack now.")
    var adopt = false

    @Flag(help: "Deploy nothing until 'fairlead resume'.")
    var hold = false

    @Flag(help: "Do not wait until the host's entry has the key of this machine.")
    var noPin = false

    @Flag(help: "Replace a configuration or a host key that differs.")
    var force = false

    @Flag(help: "Say what would be done, and change nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "For bootstrap.sh: write to FILE what the next run needs besides (status 2), or since when Fairlead runs (0).",
            valueName: "file", visibility: .hidden))
    var answerFile: String?

    func validate() throws { _ = try SetupRequest(self, token: nil) }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let token = context.environment["FAIRLEAD_GIT_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        return try await end(SetupRun(try SetupRequest(self, token: token), context: context))
    }

    /// Runs it, and says how to go on: to `bootstrap.sh`, or to people.
    func end(_ run: SetupRun) async throws -> ExitStatus {
        do {
            let began = CivilTime(try await run.run()).utcSeconds
            guard !dryRun else { return .success }
            try answer([began], or: "next: 'fairlead wait --since \(began)' says what comes of the deployment", run)
            return .success
        } catch let pause as SetupPause {
            let further = pause.further.isEmpty ? "" : ", and add \(pause.further.joined(separator: " "))"
            try answer(pause.further, or: "then run the same line again\(further)", run)
            return .incomplete
        }
    }

    private func answer(_ lines: [String], or words: String, _ run: SetupRun) throws {
        guard let answerFile else { return run.context.console.note(words) }
        try AtomicFile.write(Array(lines.map { "\($0)\n" }.joined().utf8), to: answerFile)
    }
}
