/// Names a run of a host and what its manifest was, so that no other one can take its place.
public struct RunLink: Codable, Hashable, Sendable {
    public var run: BackupRunID
    /// How many runs the host had made with it.
    public var number: Int64
    /// Of its manifest.
    public var digest: SHA256Sum

    public init(run: BackupRunID, number: Int64, digest: SHA256Sum) {
        self.run = run
        self.number = number
        self.digest = digest
    }
}

/// A run that was in a storage and is gone, although nobody who may do that has removed it: what a thief of the storage's key
/// does who wants older data restored.
public struct LostRun: Hashable, Sendable {
    public let run: BackupRunID
    public let host: String
    /// For people, in one line.
    public var words: String { "run \(run) of '\(host)', which \(evidence), is not there any more" }
    /// How that is known: completes "run R of 'vsn1', which …".
    public let evidence: String

    /// `newest` is the newest run that this host knows to be in a storage; `valid` the newest valid one that is found there,
    /// `nil` where none is.
    public static func newer(
        than valid: BackupRunID?, known newest: RunLink?, of host: String, listed: Set<BackupRunID>
    ) -> Self? {
        guard let newest, valid.map({ $0 < newest.run }) ?? true, !listed.contains(newest.run) else { return nil }
        return Self(run: newest.run, host: host, evidence: "was delivered by this host")
    }

    /// `valid` is the newest valid one; `listed` and `pruned` are runs of its host. `kept`: for how long a store itself keeps
    /// what it takes; `nil` where it removes nothing.
    public static func before(
        _ valid: BackupManifest, listed: Set<BackupRunID>, pruned: Set<BackupRunID>, kept: Duration?, now: Timestamp
    ) -> Self? {
        guard let previous = valid.previous, !listed.contains(previous.run), !pruned.contains(previous.run) else {
            return nil
        }
        if let kept, now.since(previous.run.moment) > kept { return nil }
        return Self(
            run: previous.run, host: valid.host.description, evidence: "run \(valid.run) names as one that was there")
    }
}
