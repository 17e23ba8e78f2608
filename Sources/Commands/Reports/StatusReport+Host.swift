internal import Files
internal import HostSystem
internal import Journal
internal import Planning

extension StatusReport {
    /// As `host` stands now. `holder`: who held its lock before the journal was read.
    init(of host: HostComposition, _ journal: Journal, lock holder: LockHolder?) async throws {
        let configuration = host.configuration
        try await self.init(
            host: configuration.host, journal: journal, engine: host.engine, surroundings: host.host,
            ports: host.published, data: host.data(journal), lock: holder,
            daemon: .read(runtimeDirectory: configuration.runtimeDirectory),
            jobs: host.host.jobRecords().map { StatusReport.Job($0, clock: host.context.clock) },
            checks: ContainerCheck.all(runtimeDirectory: configuration.runtimeDirectory),
            stateDirectory: configuration.stateDirectory)
        stateError = StateDirectory(path: configuration.stateDirectory).obstacle
            .map { "the state directory '\(configuration.stateDirectory)' cannot be written: \($0)" }
        verdict = HostVerdict(of: self)
    }
}
