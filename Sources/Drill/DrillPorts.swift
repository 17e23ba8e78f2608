package import Backup
package import Deploying
package import HostSystem
package import Model

/// What drills ask the journal.
package protocol DrillJournal: BackupJournal {
    /// One that runs, or was cut off.
    func unfinishedDeployment() async throws -> DeploymentRecord?
    /// Ids of images that are known to be complete on the disk.
    func imagesOnStableStorage() async throws -> Set<String>
}

/// What a rehearsal works with beside the backups.
package struct DrillParts: Sendable {
    let engine: any DrillEngine.Base
    let options: DeploymentOptions
    /// Makes of the drill's own host what a deployment needs of one.
    let preparation: @Sendable (HostSystem) -> any HostPreparation
    /// Exports the files of commits into a directory.
    let trees: @Sendable (String) -> any TreeExport

    package init(
        engine: any DrillEngine.Base, options: DeploymentOptions,
        preparation: @escaping @Sendable (HostSystem) -> any HostPreparation,
        trees: @escaping @Sendable (String) -> any TreeExport
    ) {
        self.engine = engine
        self.options = options
        self.preparation = preparation
        self.trees = trees
    }
}
