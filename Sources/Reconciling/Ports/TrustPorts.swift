public import Model

/// Says who signed what.
public protocol SignatureInsight: Sendable {
    /// What the signatures of `commits`, which are present locally, are worth at `time`. Throws rather than leave one out.
    func findings(of commits: [CommitID], at time: Timestamp) async throws -> [CommitID: SignatureFinding]
    /// The signed tag that lets `tip` pass on `host`; `absent` also where nobody may sign one.
    func override(for tip: CommitID, on host: String, at time: Timestamp) async throws -> OverrideFinding
    /// The tags of the server that are to approve `tip`, each with who signed it.
    func approvals(of tip: CommitID, at time: Timestamp) async throws -> [ApprovalFinding]
}

/// What this host believed before.
public protocol TrustMemory: Sendable {
    func acceptedCommit() async throws -> AcceptedCommit?
    /// What root accepted by hand, the newest first.
    func acceptances() async throws -> [LocalAcceptance]
    /// What the next tip has to contain.
    func record(_ accepted: AcceptedCommit) async throws
}

/// What shows where the branch stands, whatever the server says.
public protocol HeartbeatInsight: Sendable {
    /// The signed tag of the branch, verified at `time`, which is now.
    func heartbeat(at time: Timestamp) async throws -> HeartbeatFinding
    /// When `commit`, which is present locally, says that it was made.
    func committed(_ commit: CommitID) async throws -> Timestamp
}

/// What was seen of that before.
public protocol FreshnessMemory: Sendable {
    func freshness() async throws -> BranchFreshness?
    func record(_ freshness: BranchFreshness) async throws
}

/// Who says who may sign from now on.
public protocol SignerVotes: Sendable {
    /// The tags of the server for list `number`, each with which of the present signers made it.
    func votes(on number: Int, at time: Timestamp) async throws -> [SignerVoteFinding]
    /// Keys that count no more on this host.
    func revokedKeys() throws -> Set<String>
}

/// Which lists were accepted before.
public protocol RotationMemory: Sendable {
    /// The newest first.
    func rotations() async throws -> [SignerRotation]
    /// It takes effect at once, unless a newer one did.
    func record(_ rotation: SignerRotation) async throws
    /// What the server has of the next one; `nil`: nothing.
    func record(_ offer: SignerOffer?) async throws
}
