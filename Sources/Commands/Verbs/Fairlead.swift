public import ArgumentParser

/// The program.
public struct Fairlead: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fairlead",
        abstract: "Keeps this host equal to the deployment plan that is committed in a git repo.",
        discussion: """
            Exit status: 0 done, 1 failed or problems found, 2 changes (plan), 3 plan refused, 4 rolled back, \
            5 held back, 64 wrong usage.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(name: "Deploying", subcommands: [Suspend.self, Resume.self, Retry.self]),
            CommandGroup(name: "Reading", subcommands: [History.self, Show.self]),
            CommandGroup(name: "General", subcommands: [Schema.self, Version.self]),
        ])

    public init() {}
}
