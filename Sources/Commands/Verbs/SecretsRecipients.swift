internal import ArgumentParser
internal import HostSystem
internal import Planning

struct SecretsAddRecipient: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "add-recipient",
        abstract: "Let a host or a person open the secrets, and encrypt them again.",
        discussion: """
            Example: fairlead secrets add-recipient age1… --name vsn1
            Example: fairlead secrets add-recipient "$(cat ~/.ssh/id_ed25519.pub)"
            """)

    @Argument(help: "A public key of age, or of SSH as in its .pub file.")
    var key: String

    @Option(help: "Whose it is; else the comment of an SSH key.")
    var name: String?

    @OptionGroup var options: SecretsOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        guard var recipient = SecretVault.Recipient(key) else { throw NoPublicKey() }
        if let name { recipient.name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        let vault = try options.vault(context)
        guard try await vault.admit(recipient) else {
            context.console.note("it is a recipient already")
            return .success
        }
        try context.tellRecipients(of: vault)
        return .success
    }
}

struct SecretsRemoveRecipient: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "remove-recipient",
        abstract: "Encrypt the secrets to everybody but one.",
        discussion: """
            What was committed before stays readable to them: give the secrets new values too.

            Example: fairlead secrets remove-recipient vsn1
            """)

    @Argument(help: "The public key, or the name, as 'fairlead secrets list' shows it.")
    var recipient: String

    @OptionGroup var options: SecretsOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let vault = try options.vault(context)
        guard try await !vault.expel(recipient).isEmpty else { throw UnknownRecipient(recipient: recipient) }
        try context.tellRecipients(of: vault)
        context.console.note("it can still read what was committed before: 'fairlead secrets rotate NAME…'")
        return .success
    }
}

extension CommandContext {
    fileprivate func tellRecipients(of vault: SecretVault) throws {
        let count = try vault.recipients().count.counted("recipient")
        if try vault.exists {
            console.result("encrypted anew to \(count)")
            console.note("commit '\(SecretVault.recipientsFile)' and '\(SecretVault.secretsFile)', and push")
        } else {
            console.result("\(count); 'fairlead secrets edit' makes '\(SecretVault.secretsFile)'")
        }
    }
}

private struct NoPublicKey: Actionable {
    var message: String { "that is no public key of age or SSH" }
    var hint: String {
        "give 'age1…' ('age-keygen -y FILE' prints it), or the line of an ssh-ed25519 or ssh-rsa .pub file"
    }
    var disposition: Disposition { .permanent }
}

private struct UnknownRecipient: Actionable {
    let recipient: String

    var message: String { "'\(recipient)' is no recipient" }
    var hint: String { "'fairlead secrets list' shows them" }
    var disposition: Disposition { .permanent }
}
