internal import ArgumentParser
internal import Glibc
internal import HostSystem
internal import Model
internal import Planning

/// `fairlead secrets`.
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Work on the encrypted secrets in a clone of the customer repo.",
        discussion: """
            'secrets.json.age' holds the values, 'secrets.recipients' the public keys of those who can open it: you and \
            each host. Values never reach a disk in plain text or an argument; only 'get' shows one. Commit and push what \
            changed. FAIRLEAD_IDENTITY names your key as --identity does.

            Example: fairlead secrets add-recipient "$(ssh root@vsn1 age-keygen -y /etc/fairlead/age.txt)" --name vsn1
            Example: fairlead secrets edit
            """,
        subcommands: [
            SecretsList.self, SecretsGet.self, SecretsEdit.self, SecretsSet.self, SecretsRotate.self,
            SecretsAddRecipient.self,
            SecretsRemoveRecipient.self,
        ])
}

/// Options of the commands that work in a clone of the customer repo.
struct SecretsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The clone.", valueName: "dir"), completion: .directory)
    var directory = "."

    @Option(
        help: ArgumentHelp(
            "Your age identity or SSH private key; else FAIRLEAD_IDENTITY, else this host's (/etc/fairlead/age.txt), else "
                + "~/.ssh/id_ed25519.",
            valueName: "file"), completion: .file())
    var identity: String?

    func vault(_ context: CommandContext) throws -> SecretVault {
        guard access("\(directory)/\(PlanResolver.planFile)", F_OK) == 0 else {
            throw NoCustomerRepo(directory: directory)
        }
        return SecretVault(
            directory: directory, identity: named(context) ?? Self.usual(context).first { access($0, R_OK) == 0 })
    }

    /// The private keys that may be the caller's, the likeliest first.
    func ownKeys(_ context: CommandContext) -> [String] { [named(context)].compactMap(\.self) + Self.usual(context) }

    private func named(_ context: CommandContext) -> String? {
        identity ?? context.environment["FAIRLEAD_IDENTITY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func usual(_ context: CommandContext) -> [String] {
        ["/etc/fairlead/age.txt"] + (context.environment["HOME"].map { ["\($0)/.ssh/id_ed25519"] } ?? [])
    }
}

/// No clone of a customer repo.
struct NoCustomerRepo: Actionable {
    let directory: String

    var message: String { "there is no '\(PlanResolver.planFile)' in '\(directory)'" }
    var hint: String { "go to your clone of the customer repo, or name it with --directory" }
    var disposition: Disposition { .permanent }
}

/// A secret that is asked for and not there.
struct UnknownSecrets: Actionable {
    let names: [String]

    var message: String { "no secret \(names.quoted)" }
    var hint: String { "'fairlead secrets list' shows the names" }
    var disposition: Disposition { .permanent }
}
