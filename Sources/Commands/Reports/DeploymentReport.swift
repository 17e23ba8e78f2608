internal import Model

/// One deployment in full.
struct DeploymentReport: Codable, Hashable, Sendable {
    struct Step: Codable, Hashable, Sendable {
        var step: DeploymentStep
        var started: ReportTime
        /// Absent while it runs, or when it was cut off.
        var durationMilliseconds: Int64?
        var error: String?
    }

    struct Moment: Codable, Hashable, Sendable {
        var container: String
        var phase: ContainerRecord.Phase
        var time: ReportTime
    }

    var deployment: Int64
    var commit: CommitSummary?
    var version: String?
    var planDigest: String
    var trigger: DeploymentTrigger
    /// Or `unfinished`.
    var outcome: String
    var started: ReportTime
    var durationMilliseconds: Int64?
    var downtimeMilliseconds: Int64?
    /// How long it may have been at most, where nobody saw when it began; the other one is then the shortest.
    var downtimeAtMostMilliseconds: Int64?
    var changes: [PlanChange]
    var error: String?
    var hint: String?
    var steps: [Step]
    var containers: [Moment]
    /// By container name.
    var images: [String: StoredImage]
    /// The copy of the data from before it; absent when none was made.
    var snapshot: SnapshotCost?
    /// The copy of the data that it put back; absent but for a roll back.
    var restored: String?

    init(_ record: DeploymentRecord, commit: CommitRecord?) {
        deployment = record.id
        self.commit = commit.map { CommitSummary($0.commit) } ?? record.commit.map { CommitSummary(id: $0) }
        self.commit?.warrant = record.warrant.map(CommitSummary.Warrant.init)
        version = record.version.isEmpty ? nil : record.version
        planDigest = record.planDigest
        trigger = record.trigger
        outcome = record.outcome?.rawValue ?? "unfinished"
        started = ReportTime(record.started)
        durationMilliseconds = record.ended.map { $0.since(record.started).wholeMilliseconds }
        downtimeMilliseconds = record.downtimeMilliseconds
        downtimeAtMostMilliseconds = record.downtimeAtMostMilliseconds
        changes = record.changes.told
        error = record.error
        hint = record.hint
        steps = record.steps.map(Step.init)
        containers = record.containers.map {
            Moment(container: $0.container, phase: $0.phase, time: ReportTime($0.time))
        }
        images = record.images
        snapshot = record.snapshot
        restored = record.restored?.description
    }
}

extension DeploymentReport.Step {
    init(_ record: StepRecord) {
        step = record.step
        started = ReportTime(record.started)
        durationMilliseconds = record.ended.map { $0.since(record.started).wholeMilliseconds }
        error = record.error
    }
}
