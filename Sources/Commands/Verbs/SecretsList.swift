internal import ArgumentParser
internal import Files
internal import HostSystem
internal import Model

struct SecretsList: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the names of the secrets, whether the plan uses them, and who can open them.",
        discussion: """
            Values are never shown. Without a key to open them, only what the plan uses is listed.

            Exit status: 0 everything that the plan uses is there, or could not be looked at, 1 something is missing.

            Example: fairlead secrets list
            """)

    @OptionGroup var options: SecretsOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let vault = try options.vault(context)
        let used = try SecretUses(in: options.directory).names
        var report = SecretsReport(secrets: [], recipients: try vault.recipients())
        do {
            let present = Set(try await vault.open().keys)
            report.secrets = present.union(used).sorted().map {
                .init(name: $0, state: !present.contains($0) ? .missing : used.contains($0) ? .used : .unused)
            }
        } catch {
            report.secrets = used.sorted().map { .init(name: $0, state: .unknown) }
            report.locked = "\(error.message); \(error.hint)"
        }
        try context.write(report, as: output.output)
        return report.secrets.contains { $0.state == .missing } ? .failure : .success
    }
}

/// The secrets of a customer repo, without their values.
struct SecretsReport: Report {
    enum State: String, Codable, Sendable {
        case used
        /// By no host's plan.
        case unused
        /// The plan uses it, but it is not there.
        case missing
        /// The plan uses it; whether it is there cannot be seen.
        case unknown
    }

    struct Secret: Codable, Hashable, Sendable {
        var name: String
        var state: State
    }

    var secrets: [Secret]
    var recipients: [SecretVault.Recipient]
    /// Why they could not be opened.
    var locked: String?

    func lines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2)
        for secret in secrets {
            table.add(.init(secret.name.printable), .init(secret.state.rawValue) { paint(secret.state, $0, style) })
        }
        var readers = TextTable(indentation: 2)
        for recipient in recipients { readers.add(.init(recipient.name.printable), .init(recipient.key.printable)) }
        let names = secrets.isEmpty ? ["no secrets"] : ["secrets"] + table.lines
        let who = recipients.isEmpty ? ["no recipients: nobody can open them"] : ["recipients"] + readers.lines
        return names + (locked.map { [style.warning("  \($0.printable)")] } ?? []) + who
    }

    private func paint(_ state: State, _ text: String, _ style: TextStyle) -> String {
        switch state {
        case .used: style.good(text)
        case .unused: style.warning(text)
        case .missing: style.bad(text)
        case .unknown: text
        }
    }
}
