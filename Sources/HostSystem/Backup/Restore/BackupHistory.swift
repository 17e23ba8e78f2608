public import Planning

/// Whether the history of what is deployed contains a commit.
public typealias BackupHistory = @Sendable (CommitID) async throws -> Bool

extension DataRestore {
    /// A host that is new knows of no commit that it must not go back behind: the backup tells it.
    func checkHistory(of manifest: BackupManifest) async throws(HostError) {
        guard let history, let accepted = manifest.accepted?.commit else { return }
        let isContained: Bool
        do {
            isContained = try await history(accepted)
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
}
