internal import ArgumentParser

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Save the stack's data, and read what was saved.",
        subcommands: [
            BackupNow.self, BackupList.self, BackupVerify.self, BackupRestore.self, BackupPrune.self, BackupDrill.self,
            BackupAccept.self,
        ])
}
