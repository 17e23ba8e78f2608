public import Deploying
internal import Logging
public import Planning
public import Reconciling
internal import Synchronization

/// A whole host in memory, around the real loop, the real five steps and a journal that the test gives.
public struct LoopHost: Sendable {
    public typealias Memory = Reconciler.Memory & DeploymentJournal & ImageLedger & SnapshotJournal

    public let repository: ScriptedRepository
    public let engine: SimulatedEngine
    public let surroundings: SimulatedSurroundings
    /// Of the engine and the host.
    public let calls: Calls
    /// Of the repo's server.
    public let gitCalls: Calls
    public let clock: TestClock
    private let journal: any Memory

    public init(journal: any Memory, clock: TestClock) {
        calls = Calls()
        gitCalls = Calls()
        repository = ScriptedRepository(calls: gitCalls)
        engine = SimulatedEngine(calls: calls)
        surroundings = SimulatedSurroundings(calls: calls)
        self.clock = clock
        self.journal = journal
    }

    public func deployer(checkpoint: @escaping @Sendable (String) -> Void = { _ in }) -> Deployer {
        let host = SimulatedHost(calls: calls)
        let data = SimulatedData(calls: calls)
        return Deployer(
            ports: DeploymentPorts(
                engine: engine, bridges: host, host: host, restore: data, data: data, snapshots: data, releases: host,
                renames: data, lifeline: host, published: surroundings, trees: host, journal: journal, observer: host),
            options: DeploymentOptions(stabilityPeriod: .zero, checkpoint: checkpoint))
    }

    /// A new process of the daemon, `boot` being the host's boot that it runs in.
    public func reconciler(boot: String = "1", change: (inout ReconcilerOptions) -> Void = { _ in }) -> Reconciler {
        var options = ReconcilerOptions(
            host: "vsn1", retry: Backoff(attempts: 3, firstDelay: .seconds(10), longestDelay: .seconds(40)),
            confirmation: .zero, restartGrace: .zero, bootID: boot)
        change(&options)
        var logger = Logger(label: "loop") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return Reconciler(
            source: repository,
            gate: CommitGate(
                settings: TrustSettings(), host: "vsn1", source: repository, signatures: surroundings,
                memory: surroundings, now: clock.now),
            journal: journal, secrets: surroundings, stack: engine, surroundings: surroundings,
            published: surroundings, data: SimulatedData(calls: calls), machine: surroundings, deployer: deployer(),
            exclusion: surroundings, handOvers: surroundings, takeOvers: surroundings, files: surroundings,
            notifier: surroundings, options: options, logger: logger, now: clock.now)
    }
}

/// A clock that stands until a test moves it.
public final class TestClock: Sendable {
    private let time: Mutex<Int64>

    /// In milliseconds since 1970.
    public init(_ milliseconds: Int64 = 1_800_000_000_000) { time = Mutex(milliseconds) }

    public var now: @Sendable () -> Timestamp {
        { [self] in Timestamp(milliseconds: time.withLock { $0 }) }
    }

    public func advance(by duration: Duration) {
        time.withLock { $0 += duration.components.seconds * 1000 }
    }
}
