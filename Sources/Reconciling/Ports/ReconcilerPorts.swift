public import Model

/// The customer repo: a bare mirror, kept current.
public protocol CommitSource: Sendable {
    /// Asks the servers, in order, where the branch stands; no objects are transferred.
    func remoteTip() async throws -> RemoteTip
    /// Makes `tip` and its history available locally.
    func fetch(_ tip: RemoteTip) async throws
    func commit(_ id: CommitID) async throws -> Commit
    /// Newest first: what `id` has and `base` has not, at most `limit`. Everything when `base` is nil or unknown.
    func history(of id: CommitID, since base: CommitID?, limit: Int) async throws -> [Commit]
    func tree(at id: CommitID) async throws -> any SourceTree
}

/// Whether one commit is in the history of another.
public protocol Ancestry: Sendable {
    /// `false` when `ancestor` is unknown.
    func isAncestor(_ ancestor: CommitID, of descendant: CommitID) async throws -> Bool
}

/// Unlocks the secrets of a customer repo.
public protocol SecretStore: Sendable {
    /// From `secrets.json.age` of the tree with the VSN's identity, or the VSN's own secrets file.
    func secrets(in tree: any SourceTree) async throws -> Secrets
    /// A digest keyed with a value that never leaves this host.
    func digest(of value: String) async throws -> String
}

/// What the loop remembers between cycles.
public protocol ReconcilerJournal: Sendable {
    func recordSeen(_ commits: [CommitRecord]) async throws
    func setVerdict(
        _ verdict: CommitRecord.Verdict, note: String?, deployment: Int64?, of commit: CommitID) async throws
    /// Notes of superseded commits that a deployment of a newer one carried out what they changed.
    func noteCarried(_ notes: [CommitID: String], by deployment: Int64) async throws
    /// The newest commit that was seen at the tip.
    func lastSeen() async throws -> CommitRecord?
    func deployedState() async throws -> DeployedState?
    /// The newest deployment without an outcome: it was cut off, or another process runs it.
    func unfinishedDeployment() async throws -> DeploymentRecord?
}

/// Remembered failures.
public protocol FailureMemory: Sendable {
    func failures() async throws -> [FailedPlan]
    func remember(_ failure: FailedPlan) async throws
    /// All of them when `key` is nil.
    func forgetFailures(of key: FailureKey?) async throws
    /// Whether an operator lifted a failure of `key` that was not tried since.
    func isLifted(_ key: FailureKey) async throws -> Bool
    func suspension() async throws -> Suspension?
    /// Since when nothing runs because a deployment failed; asked where nothing counts as deployed.
    func downSince() async throws -> OutageBegin?
}

extension FailureMemory {
    func failure(of key: FailureKey) async throws -> FailedPlan? { try await failures().first { $0.key == key } }
}

/// What the loop knows of the host's and the repo's past.
public protocol HostMemory: Sendable {
    /// The boot during which the stack was last known to be whole.
    func lastBootID() async throws -> String?
    func setBootID(_ id: String) async throws
    /// `servedBy` is the URL that answered, `nil` when none did; `error` is what went wrong with the others; `stackUp` is when
    /// all of the stack was last seen up.
    func recordPoll(servedBy: String?, error: String?, stackUp: Timestamp?) async throws
    /// Of the newest deployment that succeeded, whether or not it still counts as deployed.
    func lastDeployedPlan() async throws -> ResolvedPlan?
    /// Whether the tip is here and may be followed; returns since when that fails, `nil` when it does not.
    func recordFetch(succeeded: Bool) async throws -> Timestamp?
}

/// The one lock for everything that acts on the stack.
public protocol HostExclusion: Sendable {
    /// Runs `body` while no other process deploys, backs up or maintains. Throws when the lock cannot be had in time.
    func withExclusion<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result
}
