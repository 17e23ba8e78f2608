internal import Backup
internal import ContainerEngine
internal import Deploying
internal import Files
internal import GitSource
internal import HostSystem
internal import Incidents
internal import Jobs
internal import Journal
internal import Logging
internal import LoopJournal
internal import Model
internal import Reconciling

/// The adapters of this host, built from its configuration, and what is composed of them.
struct HostComposition: Sendable {
    let configuration: VSNConfiguration
    let context: CommandContext
    let logger: Logger
    let engine: HostEngine
    let source: GitSource

    /// Runs `body` with the adapters and closes them at its end.
    static func with<Result: Sendable>(
        _ configuration: VSNConfiguration, in context: CommandContext, logger: Logger,
        _ body: (HostComposition) async throws -> Result
    ) async throws -> Result {
        try StateDirectory(path: configuration.stateDirectory).create()
        let composition = HostComposition(
            configuration: configuration, context: context, logger: logger,
            engine: HostEngine(configuration: configuration.engineConfiguration, logger: logger),
            source: GitSource(
                location: configuration.repositoryLocation, stateDirectory: configuration.stateDirectory,
                executable: context.executable, logger: logger))
        do {
            let result = try await body(composition)
            await composition.engine.shutDown()
            return result
        } catch {
            await composition.engine.shutDown()
            throw error
        }
    }

    var incidentSpool: IncidentSpool { IncidentSpool(stateDirectory: configuration.stateDirectory) }

    func gate(_ command: String) -> HostGate {
        // A first pull over a slow line may take long; whoever waits can interrupt it.
        HostGate(
            path: configuration.lockFile, command: command, patience: .seconds(3600), now: context.clock.now)
    }

    var host: HostSystem {
        var settings = configuration.hostConfiguration(context.environment)
        settings.confiner = context.executable
        return HostSystem(
            configuration: settings,
            ownPorts: { [engine] in await engine.ownPorts() },
            engineProgram: { [engine, configuration] in await engine.program(configuration.engine) })
    }

    private var jobsConfiguration: JobsConfiguration { configuration.jobsConfiguration(context.environment) }
    var jobs: HostJobs {
        HostJobs(
            jobsConfiguration, engineProgram: { [engine, configuration] in await engine.program(configuration.engine) })
    }
    private var channelSetup: ChannelSetup { ChannelSetup(jobsConfiguration) }
    var mailTrial: MailTrial { MailTrial(jobsConfiguration) }

    /// The journal for writing. A damaged one is set aside under the lock, since another process could still write to it.
    ///
    /// Whatever acts on the host opens it, so here another machine's is noticed.
    func openJournal(_ gate: HostGate) async throws -> Journal {
        // First: whatever is wrong from here on, the owner can hear of it.
        installOwnerMail()
        renewMailSender()
        let journal = try await openUnguardedJournal(gate)
        try await MachineGuard(self, journal).check(at: context.clock.now())
        await tellServiceOfProxy()
        return journal
    }

    /// A host whose engine cannot be told of the proxy still keeps what it runs; `doctor` says so too.
    private func tellServiceOfProxy() async {
        do {
            if try await configuration.serviceProxy.establish() {
                logger.notice("podman's service was told of the web proxy, or that there is none")
            }
        } catch {
            logger.error("\(error)")
        }
    }

    /// A password file that is missing keeps nothing from running; `doctor` says so too.
    private func installOwnerMail() {
        do {
            try OwnerMailSetup(jobsConfiguration).install(configuration.ownerMail, host: configuration.host)
        } catch {
            logger.error("the mail settings of this host's owner cannot be installed", metadata: ["error": "\(error)"])
        }
    }

    /// Mail waits then; the next deployment installs it anyway.
    private func renewMailSender() {
        do {
            try jobs.renewMailSender()
        } catch {
            logger.error("what sends mail cannot be renewed", metadata: ["error": "\(error)"])
        }
    }

    func openUnguardedJournal(_ gate: HostGate) async throws -> Journal {
        if let journal = try openIntactJournal() { return journal }
        let path = configuration.journalFile
        let now = context.clock.now
        let journal = try await gate.withExclusion(for: "replace the journal") {
            try Journal.open(at: path, damaged: .setAside, now: now)
        }
        if let aside = journal.setAside { logger.error("\(aside.description)") }
        return journal
    }

    private func openIntactJournal() throws(JournalError) -> Journal? {
        do {
            return try Journal.open(at: configuration.journalFile, damaged: .refuse, now: context.clock.now)
        } catch {
            guard error.kind == .damaged else { throw error }
            return nil
        }
    }

    /// The copies of the data from before deployments.
    var snapshots: DataSnapshots { DataSnapshots(host: host, now: context.clock.now) }

    /// What plans are read with; needs no lock and changes nothing on the host.
    var candidates: CandidateReader {
        CandidateReader(
            source: source, secrets: host, machine: machine, host: configuration.host, policy: configuration.policy,
            stack: configuration.trust.stack)
    }

    /// Names the commits behind changes and problems.
    var attribution: Attribution { Attribution(source: source, reader: candidates) }

    var published: HostPorts { HostPorts(host: host, engine: engine) }

    var machine: Machine { Machine(host: host) }

    func data(_ journal: Journal) -> DataKeeper { DataKeeper(look: DataLook(host), journal: journal) }

    func deployer(_ journal: Journal, observer: any DeploymentObserver) -> Deployer {
        Deployer(
            ports: DeploymentPorts(
                engine: engine, bridges: NetworkBridges(of: host), host: host, jobs: jobs,
                restore: DataRestore(host: host, now: context.clock.now, history: history(journal)),
                data: data(journal), snapshots: snapshots, releases: ReleaseFileStore(host: host),
                renames: StackData(host: host), lifeline: HostLifeline(host: host, source: source),
                published: published,
                trees: TreeExporter(source: source), journal: journal,
                observer: observer, signatures: HostImageTrust(keys: ImageKeyring(configuration.trust.images))),
            options: configuration.deploymentOptions(context.environment))
    }

    /// By it everything on this host reports what goes wrong.
    func reporter(_ journal: Journal) -> IncidentReporter {
        IncidentReporter(
            memory: journal,
            notifier: ChannelNotifier(host: host, setup: channelSetup, clock: context.clock, logger: logger),
            lock: configuration.notificationLock, logger: logger, now: context.clock.now)
    }

    func reconciler(_ journal: Journal, gate: HostGate, observer: any DeploymentObserver) throws -> Reconciler {
        Reconciler(
            source: source, gate: commitGate(TrustLedger(journal)), journal: journal, secrets: host, stack: engine,
            surroundings: host, published: published, data: data(journal), machine: machine,
            deployer: deployer(journal, observer: observer), exclusion: gate,
            outgoingMoves: OutgoingMoves(
                host: self, journal: journal,
                runner: backupRunner(journal, gate: gate) { [logger] in logger.info("\($0)") }),
            incomingMoves: IncomingMoves(host: self, journal: journal), reporter: reporter(journal),
            files: incidentSpool,
            options: try configuration.reconcilerOptions(
                bootID: BootIdentity.current(runtimeDirectory: configuration.runtimeDirectory)),
            logger: logger, now: context.clock.now)
    }
}
