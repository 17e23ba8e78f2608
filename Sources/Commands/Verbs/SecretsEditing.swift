internal import ArgumentParser
internal import Files
internal import HostSystem
internal import Model
internal import Processes

struct SecretsEdit: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Edit the secrets with VISUAL, EDITOR or vi, and encrypt them again.",
        discussion: """
            The decrypted text lies in memory while you edit it, and so does whatever the editor writes to its home: it \
            runs without your own settings. Where nothing was changed nothing is written.

            Example: fairlead secrets edit --directory ~/acme-stack
            """)

    @OptionGroup var options: SecretsOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let vault = try options.vault(context)
        let before = try await vault.open()
        let draft = try SecretVault.Draft(before)
        return try await TerminalSignals.outlived {
            defer { draft.discard() }
            return try await edit(draft, since: before, vault, context)
        }
    }

    private func edit(
        _ draft: SecretVault.Draft, since before: [String: String], _ vault: SecretVault, _ context: CommandContext
    ) async throws -> ExitStatus {
        let editor = ["VISUAL", "EDITOR"].compactMap { context.environment[$0] }.first { !$0.isEmpty } ?? "vi"
        while true {
            try await draft.edit(with: editor, environment: context.environment)
            switch draft.result(since: before) {
            case .unchanged:
                context.console.note("nothing was changed")
                return .success
            case .changed(let values):
                try await vault.write(values)
                context.tell(SecretChanges(from: before, to: values))
                return .success
            case .broken(let error):
                context.console.note("\(error.message); \(error.hint)")
                // Nobody there to ask: what was typed is lost rather than left lying about.
                guard let answer = context.console.ask("edit it again? [Y/n] "), !answer.lowercased().hasPrefix("n")
                else { throw error }
            }
        }
    }
}

struct SecretsSet: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set one secret to what standard input says, or to what you type.",
        discussion: """
            One line end at the end does not belong to the value. From a file: '< token.txt'.

            Example: fairlead secrets set registry
            """)

    @Argument(help: "Its name, as in '${secret:NAME}'.")
    var name: String

    @OptionGroup var options: SecretsOptions

    func validate() throws {
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) else {
            throw ValidationError("'\(name)' is not a name of a secret: use letters, digits, '.', '_' and '-'")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let vault = try options.vault(context)
        let before = try await vault.open()
        guard let value = context.console.readSecret("value of '\(name)': "), !value.isEmpty else { throw NoValue() }
        var values = before
        values[name] = value
        guard values != before else {
            context.console.note("nothing was changed")
            return .success
        }
        try await vault.write(values)
        context.tell(SecretChanges(from: before, to: values))
        return .success
    }
}

struct SecretsRotate: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give secrets new random values; without a name, encrypt all anew to the present recipients.",
        discussion: """
            A new value has 32 letters and digits; one that the plan uses and that is missing is made. The containers that \
            use it are deployed again by the commit; what keeps a password of its own, such as a database that was set up \
            before, has to be told by you: such secrets are warned of.

            Example: fairlead secrets rotate session-key
            """)

    @Argument(help: "Names of secrets.")
    var names: [String] = []

    @OptionGroup var options: SecretsOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let vault = try options.vault(context)
        guard try vault.exists || !names.isEmpty else { throw UnknownSecrets(names: ["secrets.json.age"]) }
        let before = try await vault.open()
        // A plan that is broken just now keeps nobody from changing a password that has leaked.
        let uses = try? SecretUses(in: options.directory)
        let unknown = names.filter { before[$0] == nil && uses?.names.contains($0) != true }
        guard unknown.isEmpty else { throw UnknownSecrets(names: unknown) }
        var values = before
        for name in names { values[name] = Self.random() }
        try await vault.write(values)
        let recipients = try vault.recipients().count.counted("recipient")
        context.tell(SecretChanges(from: before, to: values))
        context.console.result("encrypted anew to \(recipients)")
        let known = names.filter { before[$0] != nil }
        for line in uses?.warnings(of: known) ?? [] {
            for part in context.chatterStyle.wrapped(line.printable) {
                context.console.note(context.chatterStyle.warning(part))
            }
        }
        return .success
    }

    /// 190 bits from the kernel.
    private static func random() -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<32).compactMap { _ in letters.randomElement(using: &generator) })
    }
}

/// What differs between two sets of secrets, by name.
private struct SecretChanges {
    let lines: [String]

    init(from old: [String: String], to new: [String: String]) {
        lines = Set(old.keys).union(new.keys).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (nil, _?): "  + \(name)"
            case (_?, nil): "  - \(name)"
            case (let before, let after): before == after ? nil : "  ~ \(name)"
            }
        }
    }
}

extension CommandContext {
    fileprivate func tell(_ changes: SecretChanges) {
        for line in changes.lines { console.result(line.printable) }
        console.note("commit '\(SecretVault.secretsFile)', and push")
    }
}

/// Nothing came from standard input.
private struct NoValue: Actionable {
    var message: String { "no value was given" }
    var hint: String { "pipe it in, such as 'fairlead secrets set NAME < file', or type it at a terminal" }
    var disposition: Disposition { .permanent }
}
