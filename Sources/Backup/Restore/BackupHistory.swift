internal import Files
public import Model

/// What a host that is restored has to know before it takes data of an earlier time.
public struct BackupHistory: Sendable {
    /// Whether the history of what is deployed contains a commit, or a person decided on that.
    let contains: @Sendable (CommitID) async throws -> Bool
    /// The number of the list of signers that counts; `nil` where lists have none, or a person decided.
    let signerList: @Sendable () async throws -> Int?

    public init(
        contains: @escaping @Sendable (CommitID) async throws -> Bool,
        signerList: @escaping @Sendable () async throws -> Int?
    ) {
        self.contains = contains
        self.signerList = signerList
    }
}

extension DataRestore {
    /// A host that is new knows of no commit that it must not go back behind, nor who may sign no more: the backup tells it.
    func checkHistory(of manifest: BackupManifest) async throws(HostError) {
        guard let history else { return }
        if let accepted = manifest.accepted?.commit { try await checkCommit(accepted, of: manifest, history) }
        if let list = manifest.signerList { try await checkSigners(list, of: manifest, history) }
    }

    private func checkCommit(
        _ accepted: CommitID, of manifest: BackupManifest, _ history: BackupHistory
    ) async throws(HostError) {
        let isContained: Bool
        do {
            isContained = try await history.contains(accepted)
        } catch {
            throw HostError(
                "cannot see whether commit '\(accepted.short)' of run \(manifest.run) was taken back: \(error)",
                disposition: .transient)
        }
        guard !isContained else { return }
        throw HostError(
            "run \(manifest.run) was made when commit '\(accepted.short)' was accepted, which the tip of the branch does not "
                + "contain: an older state of it is served, or another repository",
            hint: "push a branch that contains that commit, or run 'fairlead accept' for the tip on the host",
            disposition: .transient)
    }

    private func checkSigners(
        _ list: Int, of manifest: BackupManifest, _ history: BackupHistory
    ) async throws(HostError) {
        let present: Int?
        do {
            present = try await history.signerList()
        } catch {
            throw HostError("cannot see who may sign commits: \(error)", disposition: .transient)
        }
        guard let present, present < list else { return }
        throw HostError(
            "run \(manifest.run) was made when list \(list) of signers counted, and this host has list \(present): the commit "
                + "may be of somebody who was taken off since",
            hint: "see that the repo has the tags of the lists after \(present); or write list \(list) to the file of "
                + "'trust.commits.allowedSigners' and set 'trust.rotation.number' to \(list)",
            disposition: .transient)
    }
}
