internal import ArgumentParser
internal import Glibc
internal import HostSystem
internal import Planning

/// `fairlead secrets`.
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Work on the encrypted secrets in a clone of the customer repo.",
        discussion: """
            'secrets.json.age' holds the values, 'secrets.recipients' the public keys of those who can open it: you and \
            each host. Values never reach a disk in plain text, an argument or the terminal. Commit and push what changed.

            Example: fairlead secrets add-recipient "$(ssh root@vsn1 age-keygen -y /etc/fairlead/age.txt)" --name vsn1
            Example: fairlead secrets edit
            """,
        subcommands: [
            SecretsList.self, SecretsEdit.self, SecretsSet.self, SecretsRotate.self, SecretsAddRecipient.self,
            SecretsRemoveRecipient.self,
        ])
}

/// Options of the commands that work in a clone of the customer repo.
struct SecretsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The clone.", valueName: "dir"), completion: .directory)
    var directory = "."

    @Option(
        help: ArgumentHelp(
            "Your age identity or SSH private key; else this host's (/etc/fairlead/age.txt), else ~/.ssh/id_ed25519.",
            valueName: "file"), completion: .file())
    var identity: String?

    func vault(_ context: CommandContext) throws -> SecretVault {
        guard access("\(directory)/\(PlanResolver.planFile)", F_OK) == 0 else {
            throw NoCustomerRepo(directory: directory)
        }
        let usual = ["/etc/fairlead/age.txt"] + (context.environment["HOME"].map { ["\($0)/.ssh/id_ed25519"] } ?? [])
        return SecretVault(
            directory: directory, identity: identity ?? usual.first { access($0, R_OK) == 0 })
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

    var message: String { "no secret \(names.map { "'\($0)'" }.joined(separator: ", "))" }
    var hint: String { "'fairlead secrets list' shows the names" }
    var disposition: Disposition { .permanent }
}
