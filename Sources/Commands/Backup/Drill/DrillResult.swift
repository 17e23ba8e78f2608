internal import Backup
internal import Deploying
internal import Files
internal import HostSystem
internal import Planning

/// What a drill came to.
struct DrillResult: Sendable {
    let plan: ResolvedPlan
    let began: Timestamp
    var ended: Timestamp
    /// Absent when the stack serves on the backup.
    private(set) var error: (any Actionable)?
    /// Absent when it failed before anything was fetched.
    private(set) var outcome: DrillOutcome?
    private(set) var data: [FetchedData] = []
    var notes: [String] = []

    init(plan: ResolvedPlan, began: Timestamp) {
        self.plan = plan
        self.began = began
        ended = began
    }

    /// The newest one that was used.
    var run: BackupRunID? { data.map(\.run).max() }
    var warnings: [String] { outcome?.passedOver ?? [] }
    var bytes: Int64 { data.reduce(0) { $0 + $1.bytes } }
    var milliseconds: Int64 { ended.milliseconds - began.milliseconds }

    /// One line for people.
    var summary: String {
        if let error { return error.message.printable }
        let size = ByteCount(bytes: bytes).rounded
        let older = warnings.isEmpty ? "" : ", an older backup"
        return "served after \(SpokenDuration.text(milliseconds: milliseconds)), \(size)\(older)"
    }

    mutating func add(_ outcome: DrillOutcome) {
        self.outcome = outcome
        error = outcome.error.map(Self.forDrills)
    }

    mutating func add(_ found: DrillRestore.Found) {
        data = found.data
        notes += found.notes
    }

    mutating func fail(_ error: any Error) {
        self.error = error as? any Actionable ?? HostError("\(error)", disposition: .transient)
    }

    /// A deployment's advice is about a commit; here it is the backup that does not do.
    private static func forDrills(_ error: DeploymentError) -> any Actionable {
        guard error.disposition == .permanent else { return error }
        return DeploymentError(
            error.message,
            hint: "a recovery would end like this: see what the backup lacks, mend it, then 'fairlead backup now' and "
                + "'fairlead backup drill'",
            disposition: .permanent)
    }
}
