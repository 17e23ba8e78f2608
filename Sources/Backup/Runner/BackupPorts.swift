package import Model

/// What backups ask the journal.
package protocol BackupJournal: Sendable {
    func deployedState() async throws -> DeployedState?
    func deployment(id: Int64) async throws -> DeploymentRecord?
    func suspension() async throws -> Suspension?
    /// Its newest entry, which the signed manifest of a run names.
    func head() async throws -> JournalHead?
}

extension BackupJournal {
    /// A suspended stack runs on, and its data changes; one in maintenance, or of another machine, is not to be touched.
    package func holdsBackups() async throws -> Bool {
        try await suspension().map { !$0.kind.standing.leavesStack } ?? false
    }

    /// Since when there is a stack to save.
    package func established(_ deployed: DeployedState) async throws -> Timestamp? {
        try await deployment(id: deployed.deployment)?.ended
    }
}

/// What backups need of the customer repo, and of what was accepted from it.
package protocol BackupCommits: Sendable {
    /// With which `deployed` was deployed.
    func secrets(of deployed: DeployedState) async throws -> Secrets
    /// What was accepted last; `nil` where commits are not verified.
    func acceptedCommit() async throws -> AcceptedCommit?
    /// The number of the list of signers that counts; `nil` where only the configuration says who may sign.
    func signerList() async throws -> Int?
}
