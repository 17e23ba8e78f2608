internal import ArgumentParser

struct Maintenance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the stack for work on the host, and start it again afterwards.",
        discussion: """
            Between 'begin' and 'end' nothing is deployed, retried or repaired, and it outlasts reboots: update the \
            system, replace disks, copy the data.

            Example: fairlead maintenance begin --reason "Debian 13"
            """,
        subcommands: [MaintenanceBegin.self, MaintenanceEnd.self])
}
