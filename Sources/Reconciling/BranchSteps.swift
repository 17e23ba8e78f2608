internal import Deploying
internal import Logging

/// The steps that follow the branch: fetch and believe its tip, move out, refuse, deploy.
struct BranchSteps: Sendable {
    let moveAtBoot: MoveAtBoot
    let follower: BranchFollower
    let freshness: FreshnessDuty
    let refusal: CommitRefusal
    let departure: MoveOut
    let moves: MoveFollower
    let deployment: CommitDeployment

    init(_ ports: LoopPorts, _ stack: StackSteps) {
        let (options, memory) = (ports.options, ports.memory)
        moveAtBoot = MoveAtBoot(
            tip: TipAtBoot(
                source: ports.source, gate: ports.gate, reader: ports.reader, logger: ports.logger,
                pause: options.pause),
            observer: stack.observer)
        follower = BranchFollower(ports, stack)
        freshness = FreshnessDuty(gate: ports.gate, incidents: ports.incidents, logger: ports.logger)
        refusal = CommitRefusal(
            source: ports.source, memory: memory, naming: stack.runner.requests.naming, failures: stack.failures,
            incidents: ports.incidents)
        departure = MoveOut(
            memory: memory, source: ports.source, reader: ports.reader,
            outgoing: OutgoingMove(
                memory: memory, control: ports.outgoingMoves, runner: stack.runner, exclusive: stack.exclusive,
                logger: ports.logger),
            refusal: refusal)
        moves = MoveFollower(
            memory: memory, branch: follower, departure: departure,
            back: MoveReturn(reader: ports.reader, control: ports.outgoingMoves, host: options.host))
        deployment = CommitDeployment(
            memory: memory, judge: follower.judge, reader: ports.reader,
            move: IncomingMove(
                source: ports.source, reader: ports.reader, control: ports.incomingMoves, host: options.host,
                limit: options.incomingMoveWait, now: ports.now),
            runner: stack.runner, refusal: refusal)
    }
}

extension BranchFollower {
    fileprivate init(_ ports: LoopPorts, _ stack: StackSteps) {
        let (options, memory, logger) = (ports.options, ports.memory, ports.logger)
        let vigil = Vigil(interval: options.interval, logger: logger) { _ = try await stack.repair.tendBetweenPolls() }
        self.init(
            poll: BranchPoll(
                source: ports.source, memory: memory, stackUp: { stack.observer.outages.wholeSeen }, vigil: vigil,
                logger: logger),
            judge: TipJudge(
                source: ports.source, gate: ports.gate, memory: memory,
                requiresFastForward: options.requireFastForward, now: ports.now),
            signers: RotationDuty(gate: ports.gate, incidents: ports.incidents, journal: memory, logger: logger),
            staleness: BranchStaleness(
                memory: memory, incidents: ports.incidents, limit: options.staleAfter, now: ports.now),
            logger: logger)
    }
}
