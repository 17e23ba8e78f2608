public import ArgumentParser

/// The program.
public struct Fairlead: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fairlead",
        abstract: "Keeps this host equal to the deployment plan that is committed in a git repo.",
        discussion: """
            Exit status: 0 done, 1 failed or problems found, 2 changes (plan), not yet (wait), or something is missing elsewhere \
            (setup), 3 plan refused, 4 rolled back, 5 held back, 64 wrong usage.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Deploying",
                subcommands: [
                    Run.self, Reconcile.self, Suspend.self, Resume.self, Maintenance.self, Retry.self, Accept.self,
                    Rollback.self, Teardown.self, Adopt.self,
                ]),
            CommandGroup(
                name: "Maintenance",
                subcommands: [BackupCommand.self, Import.self, CrontabCommand.self, Mail.self]),
            CommandGroup(
                name: "Reading",
                subcommands: [Status.self, Wait.self, Incidents.self, History.self, Show.self, Plan.self, Audit.self]),
            CommandGroup(
                name: "Customer repo",
                subcommands: [Init.self, Validate.self, Diff.self, SecretsCommand.self, VendorCommand.self]),
            CommandGroup(
                name: "General", subcommands: [Setup.self, Doctor.self, HostKeyCommand.self, Schema.self, Version.self]),
        ])

    public init() {}
}
