internal import Backup
internal import Drill
internal import Files
internal import GitSource
internal import HostSystem
package import Journal
internal import Model

extension Journal: BackupJournal {}
extension Journal: DrillJournal {}

extension HostComposition {
    var backups: Backups { Backups(host: host) }

    /// The secrets with which `deployed` was deployed.
    func secrets(of deployed: DeployedState) async throws -> Secrets {
        try await host.secrets(in: try await source.tree(at: deployed.commit))
    }

    func backupRunner(
        _ journal: Journal, gate: HostGate, tell: @escaping @Sendable (String) -> Void
    ) -> BackupRunner {
        BackupRunner(
            host: host, journal: journal, commits: DeployedCommits(host: self, journal: journal), gate: gate,
            incidents: BackupIncidents(reporter: reporter(journal)), now: context.clock.now, tell: tell)
    }

    func drillRunner(
        _ journal: Journal, gate: HostGate, tell: @escaping @Sendable (String) -> Void
    ) -> DrillRunner {
        DrillRunner(
            backups: backupRunner(journal, gate: gate, tell: tell), journal: journal,
            parts: DrillParts(
                engine: engine, options: configuration.deploymentOptions(context.environment), preparation: { $0 },
                trees: { [source] in TreeExporter(source: source, directory: $0) }))
    }
}

/// What a backup needs of the commits of this host.
private struct DeployedCommits: BackupCommits {
    let host: HostComposition
    let journal: Journal

    func secrets(of deployed: DeployedState) async throws -> Secrets { try await host.secrets(of: deployed) }
    func acceptedCommit() async throws -> AcceptedCommit? { try await host.acceptedCommit(journal) }
    func signerList() async throws -> Int? { try await host.signerList(journal) }
}
