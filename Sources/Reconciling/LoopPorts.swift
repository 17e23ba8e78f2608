internal import Deploying
internal import Logging
internal import Model

/// What the steps are built from; each one keeps the few that it uses.
struct LoopPorts {
    let source: any Reconciler.Repository
    let gate: CommitGate
    let memory: any Reconciler.Memory
    let attribution: Attribution
    let stack: any StackInsight
    let surroundings: any ContainerSurroundings
    let published: any StackReach
    let data: any DataLearning
    let deployer: Deployer
    let exclusion: any HostExclusion
    let outgoingMoves: any OutgoingMoveControl
    let incomingMoves: any IncomingMoveControl
    let incidents: LoopIncidents
    let options: ReconcilerOptions
    let logger: Logger
    let now: @Sendable () -> Timestamp

    var reader: CandidateReader { attribution.reader }
}
