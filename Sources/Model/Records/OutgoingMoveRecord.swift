/// To which host a stack moves, and since which commit.
public struct Successor: Codable, Hashable, Sendable {
    /// Its name in the customer repo.
    public var host: String
    /// The tip at which the old host saw its entry.
    public var commit: CommitID

    public init(host: String, commit: CommitID) {
        self.host = host
        self.commit = commit
    }
}

/// How far the move of this host's stack to another one has come.
public struct OutgoingMoveRecord: Codable, Hashable, Sendable {
    public var successor: Successor
    public var since: Timestamp
    /// Public keys that are trusted to sign for the new host.
    public var signers: [String]
    /// Who can open the last backup beside those of the deployed plan; absent in records of older versions.
    public var recipients: [String]?
    /// What moves; absent when nothing was deployed.
    public var deployed: DeployedState?
    /// The last backup; absent until it is made.
    public var run: BackupRunID?
    /// Why there is none, and none to wait for: in words.
    public var withoutBackup: String?
    /// Every target has the last backup.
    public var isDelivered: Bool
    /// Why the last try went wrong, and when the next is due.
    public var failure: String?
    public var failures: Int
    public var nextAttempt: Timestamp?

    /// `plan` is what the new host is to run.
    public init(successor: Successor, as plan: ResolvedPlan, since: Timestamp, deployed: DeployedState?) {
        self.successor = successor
        signers = plan.backup?.signers ?? []
        recipients = plan.backup?.recipients
        self.since = since
        self.deployed = deployed
        isDelivered = false
        failures = 0
    }

    /// The data is as safe as it gets.
    public var isDone: Bool { withoutBackup != nil || run != nil && isDelivered }

    /// What holds the host back meanwhile.
    public var suspension: Suspension {
        Suspension(reason: "the stack moves to host '\(successor.host)': \(stage)", since: since, kind: .moved)
    }

    /// How it stands, in words.
    public var stage: String {
        if let withoutBackup { return withoutBackup }
        let problem = failure.map { "; \($0)" } ?? ""
        guard let run else { return "its last backup is not made yet" + problem }
        return isDelivered
            ? "its last backup, run \(run), is delivered"
            : "its last backup, run \(run), is made and waits on this host" + problem
    }
}
