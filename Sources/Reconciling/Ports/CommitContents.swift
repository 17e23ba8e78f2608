public import Model

/// What many commits hold, cheaply.
public protocol CommitContents: Sendable {
    /// Equal for commits whose entries `names` at the root are equal. Without commits that are not present locally.
    func fingerprints(of commits: [CommitID], entries names: [String]) async throws -> [CommitID: String]
    /// The files of a commit; what of it is damaged is found when it is read.
    func uncheckedTree(at id: CommitID) -> any SourceTree
}
