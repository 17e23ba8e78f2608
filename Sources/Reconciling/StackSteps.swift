internal import Deploying
internal import Logging

/// The steps that need no git server: finish what was cut off, repair drift, roll back.
struct StackSteps: Sendable {
    let observer: StackObserver
    let runner: DeploymentRunner
    let exclusive: ExclusiveWork
    let recovery: Recovery
    let repair: DriftRepair
    let rollBack: OperatorRollBack

    var failures: FailureLog { observer.failures }
    var incidents: LoopIncidents { observer.incidents }

    init(_ ports: LoopPorts) {
        let (options, memory) = (ports.options, ports.memory)
        observer = StackObserver(ports)
        runner = DeploymentRunner(ports, observer)
        exclusive = ExclusiveWork(exclusion: ports.exclusion, memory: memory)
        let targets = RollBackTargets(
            memory: memory, deployer: ports.deployer, gate: ports.gate, attribution: ports.attribution)
        rollBack = OperatorRollBack(
            memory: memory, deployer: ports.deployer, targets: targets, requests: runner.requests, observer: observer)
        recovery = Recovery(
            memory: memory, deployer: ports.deployer, runner: runner, rollBack: rollBack, exclusive: exclusive,
            logger: ports.logger)
        let watch = RecoveryWatch(
            memory: memory, observer: observer, deployer: ports.deployer, grace: options.restartGrace)
        let start = SavedPlanStart(runner: runner, observer: observer, logger: ports.logger)
        repair = DriftRepair(
            memory: memory, confirmation: Confirmation(observer: observer, time: options.confirmation), recovery: watch,
            stack: StackRepair(
                start: start,
                network: NetworkRepair(
                    reach: ports.published, observer: observer, recovery: watch, start: start, logger: ports.logger),
                containers: ContainerRepair(runner: runner, observer: observer, logger: ports.logger),
                settlement: DriftSettlement(observer: observer, recovery: watch)),
            exclusive: exclusive)
    }
}

extension StackObserver {
    fileprivate init(_ ports: LoopPorts) {
        let options = ports.options
        self.init(
            memory: ports.memory,
            sight: StackSight(
                engine: ports.stack, surroundings: ports.surroundings, published: ports.published, data: ports.data),
            drift: DriftLog(
                memory: ports.memory,
                outages: Outages(watch: OutageWatch(), memory: ports.memory, uptime: options.uptime, now: ports.now),
                failures: FailureLog(memory: ports.memory, retry: options.retry, now: ports.now),
                incidents: ports.incidents, logger: ports.logger),
            bootID: options.bootID)
    }
}

extension DeploymentRunner {
    fileprivate init(_ ports: LoopPorts, _ observer: StackObserver) {
        self.init(
            deployer: ports.deployer, memory: ports.memory,
            requests: RequestWriter(
                naming: CommitNaming(attribution: ports.attribution, logger: ports.logger), memory: ports.memory,
                moves: ports.incomingMoves, outages: observer.outages, bootID: ports.options.bootID),
            watch: NewerCommitWatch(
                source: ports.source, gate: ports.gate, reader: ports.reader, memory: ports.memory,
                failures: observer.failures, interval: ports.options.interval, logger: ports.logger),
            observer: observer)
    }
}
