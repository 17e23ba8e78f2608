internal import Files
internal import HostSystem
internal import Jobs
internal import Journal

extension StatusReport {
    /// As `host` stands now. `holder`: who held its lock before the journal was read.
    init(of host: HostComposition, _ journal: Journal, lock holder: LockHolder?) async throws {
        let configuration = host.configuration
        try await self.init(
            host: configuration.host, journal: journal, engine: host.engine, surroundings: host.host,
            ports: host.published, data: host.data(journal), lock: holder,
            daemon: .read(runtimeDirectory: configuration.runtimeDirectory),
            jobs: host.jobs.records().map { StatusReport.Job($0, clock: host.context.clock) },
            checks: ContainerCheck.all(runtimeDirectory: configuration.runtimeDirectory),
            stateDirectory: configuration.stateDirectory)
        stateError = StateDirectory(path: configuration.stateDirectory).obstacle
            .map { "the state directory '\(configuration.stateDirectory)' cannot be written: \($0)" }
        verdict = HostVerdict(of: self)
    }

    /// What the journal and the daemon say, without asking the engine; nobody's verdict.
    init(briefly configuration: VSNConfiguration) async throws {
        let holder = LockHolder.read(at: configuration.lockFile)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        try await self.init(
            configuration.host, journal, holder, .read(runtimeDirectory: configuration.runtimeDirectory), [],
            stateDirectory: configuration.stateDirectory)
        if let state = try await journal.deployedState() { deployed = try await Deployed(state, journal) }
    }
}
