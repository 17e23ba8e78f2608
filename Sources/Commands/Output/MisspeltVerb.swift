internal import ArgumentParser
internal import Model

/// A word of the command line that is no command where one is expected.
struct MisspeltVerb {
    /// What other programs of this kind call what is called otherwise here.
    private static let foreign = [
        "apply": "reconcile", "deploy": "reconcile", "sync": "reconcile", "up": "reconcile", "down": "teardown",
        "destroy": "teardown", "ls": "status", "ps": "status", "log": "history", "revert": "rollback",
        "undo": "rollback",
        "check": "doctor", "pause": "suspend", "stop": "maintenance begin", "start": "maintenance end",
        "bootstrap": "setup", "install": "setup",
    ]

    let word: String
    /// The commands before it.
    let path: [String]
    private let known: [String]

    /// `nil` when every command is one. `arguments`: without the program's name.
    init?(in arguments: [String]) {
        var command: any ParsableCommand.Type = Fairlead.self
        var path: [String] = []
        for word in arguments {
            let commands = Self.commands(of: command)
            guard !commands.isEmpty, !word.hasPrefix("-") else { return nil }
            guard let next = commands.first(where: { $0._commandName == word }) else {
                guard word != "help" else { return nil }
                self.word = word
                self.path = path
                known = commands.map { $0._commandName }
                return
            }
            path.append(word)
            command = next
        }
        return nil
    }

    /// `did you mean 'fairlead status'?`; `nil` where nothing is like it.
    var hint: String? {
        let meant = Suggestion.closest(to: word, among: known) ?? (path.isEmpty ? Self.foreign[word] : nil)
        return meant.map { "did you mean '\((["fairlead"] + path + [$0]).joined(separator: " "))'?" }
    }

    private static func commands(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let configuration = command.configuration
        return configuration.groupedSubcommands.flatMap(\.subcommands) + configuration.subcommands
    }
}
