internal import ArgumentParser

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Save the stack's data, and read what was saved.",
        subcommands: [
<<<<<<< HEAD
            BackupNow.self, BackupList.self, BackupVerify.self, BackupPrune.self, BackupDrill.self,
=======
            BackupNow.self, BackupList.self, BackupVerify.self, BackupRestore.self, BackupPrune.self,
>>>>>>> 338066e3da6ce898ae8647ce08c24ca00df98bd9
        ])
}
