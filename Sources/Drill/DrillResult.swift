package import Backup
package import Deploying
internal import Files
package import Model

/// What a drill came to.
package struct DrillResult: Sendable {
    let plan: ResolvedPlan
    package let began: Timestamp
    var ended: Timestamp
    /// Absent when the stack serves on the backup.
    package private(set) var error: (any Actionable)?
    /// Absent when it failed before anything was fetched.
    package private(set) var outcome: DrillOutcome?
    package private(set) var data: [FetchedData] = []
    /// How the rehearsed stack differed from the running one.
    package internal(set) var notes: [String] = []

    init(plan: ResolvedPlan, began: Timestamp) {
        self.plan = plan
        self.began = began
        ended = began
    }

    /// The newest one that was used.
    package var run: BackupRunID? { data.map(\.run).max() }
    /// Why newer runs were not used.
    package var warnings: [String] { outcome?.passedOver ?? [] }
    /// Of all that was restored, in the storage.
    package var bytes: Int64 { data.reduce(0) { $0 + $1.bytes } }
    /// Of all of it.
    package var milliseconds: Int64 { ended.milliseconds - began.milliseconds }

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
        guard error.isForGood else { return error }
        return DeploymentError(
            error.message,
            hint: "a recovery would end like this: see what the backup lacks, mend it, then 'fairlead backup now' and "
                + "'fairlead backup drill'",
            disposition: .permanent)
    }
}
