/// A commit of the customer repo.
public struct Commit: Hashable, Sendable, Codable {
    public let id: CommitID
    public let author: String
    public let email: String
    /// Of the author, in seconds since 1970.
    public let time: Int64
    public let subject: String
    public let parents: [CommitID]
    /// Why this host believes it; absent where commits are not verified, of one that was refused, and of one that no
    /// host has to verify by itself.
    public var warrant: CommitWarrant?
    /// Why it was believed before it was seen anew: what it deployed then is told so, also where it is refused now.
    public var formerWarrant: CommitWarrant?

    public init(
        id: CommitID, author: String, email: String, time: Int64, subject: String, parents: [CommitID],
        warrant: CommitWarrant? = nil
    ) {
        self.id = id
        self.author = author
        self.email = email
        self.time = time
        self.subject = subject
        self.parents = parents
        self.warrant = warrant
    }
}

/// Where the branch stands on the server that answered.
public struct RemoteTip: Hashable, Sendable {
    public let commit: CommitID
    /// The URL that served, without user information.
    public let servedBy: String
    /// What went wrong with the URLs that were tried before it.
    public let failures: [String]

    public init(commit: CommitID, servedBy: String, failures: [String] = []) {
        self.commit = commit
        self.servedBy = servedBy
        self.failures = failures
    }
}
