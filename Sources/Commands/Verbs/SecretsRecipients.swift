internal import ArgumentParser
internal import HostSystem
internal import Model

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
        try warn(of: recipient, vault, context)
        guard try await vault.admit(recipient) else {
            context.console.note("it is a recipient already")
            return .success
        }
        try context.tellRecipients(of: vault)
        return .success
    }

    /// A key of the caller that asks for a passphrase opens nothing here: as the only one, it would lock everybody out.
    private func warn(of recipient: SecretVault.Recipient, _ vault: SecretVault, _ context: CommandContext) throws {
        let own = options.ownKeys(context).first { path in
            guard let text = (try? HostFile("\(path).pub").read(limit: 1 << 16)).flatMap({ $0 }) else { return false }
            return SecretVault.Recipient(String(decoding: text, as: UTF8.self))?.key == recipient.key
        }
        guard let own, KeyPassphrase.protects(own) else { return }
        guard try !vault.recipients().isEmpty else { throw LockedKey(path: own) }
        context.console.note("warning: '\(own)' has a passphrase: fairlead cannot open the secrets with it".printable)
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

/// The caller's own key, which nobody unlocks.
private struct LockedKey: Actionable {
    let path: String

    var message: String { "'\(path)' has a passphrase, which nobody is asked for: you would lock yourself out" }
    var hint: String {
        "make a key without one, such as 'age-keygen -o ~/.config/fairlead.key', add what it prints, and let FAIRLEAD_IDENTITY "
            + "name the file"
    }
    var disposition: Disposition { .permanent }
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
