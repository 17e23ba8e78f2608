internal import Model

/// What the parent asks of the child, as JSON on its standard input.
struct ChildRequest: Codable, Sendable {
    enum Operation: String, Codable, Sendable {
        /// Where the branch stands.
        case tip
        /// The branch, into the mirror.
        case fetch
        /// Signatures, out of the mirror; no server is asked.
        case signatures
        /// One tag, into the mirror.
        case tag
        /// The tags whose names begin with one text, into the mirror.
        case tags
        /// Whether a commit of the mirror is whole and within the limits; no server is asked.
        case verify
        /// The files of a commit of the mirror, as a directory; no server is asked.
        case export

        /// Whether no server has a part in it.
        var isLocal: Bool { [.signatures, .verify, .export].contains(self) }
    }

    var operation: Operation
    var url: String
    var branch: String
    /// Absolute path of the bare repository.
    var mirror: String
    /// What has to be in the mirror after a fetch; what is verified or exported.
    var commit: String?
    /// Of an export.
    var limits: TreeLimits?
    /// Where exports lie; absolute.
    var directory: String?
    /// Whose signatures are wanted.
    var objects: [String]?
    /// The name of the tag that is wanted; of several, what their names begin with.
    var tag: String?
    /// Whose tags are looked at first, where there are too many.
    var listed: [String]?
    /// Whether the mirror is given up, and why.
    var renewal: Renewal?
    var sshKey: String?
    var knownHosts: String?
    var tokenFile: String?
    var username: String
    var caFile: String
    /// Only where it serves the host of the URL.
    var proxy: WebProxy?
    /// In bytes.
    var packLimit: Int64
    /// In seconds without news, after which the child ends itself, should the parent be gone.
    var patience: UInt32
    /// In seconds, of the whole operation.
    var seconds: UInt32
}

/// One line of the child's standard output; the answer is the last one.
enum ChildMessage: Codable, Sendable {
    case progress(FetchProgress)
    case answer(ChildResponse)
}

/// The child's answer.
struct ChildResponse: Codable, Sendable {
    var tip: String?
    /// Why the mirror was cloned anew.
    var renewal: Renewal?
    /// The id of the tag; absent when the server has none of that name.
    var tag: String?
    /// Of several tags the ids, by name.
    var tags: [String: String]?
    /// How many there are, with those that were not looked at.
    var tagCount: Int?
    /// Of the first that were asked for, as many as fit.
    var objects: [ExtractedObject]?
    var failure: GitFailure?
    /// Set with a failure that the parent can explain further by asking ssh's tools.
    var ssh: SSHProblem?
}

/// Why a mirror is cloned anew.
enum Renewal: Codable, Sendable, Hashable {
    case missing
    /// It has too many packs.
    case crowded
    case damaged(String)
}

/// Why ssh did not come through to git.
struct SSHProblem: Codable, Sendable, Hashable {
    enum Reason: String, Codable, Sendable { case unknownHostKey, changedHostKey, permissionDenied }

    let reason: Reason
    let address: SSHAddress
    /// What ssh wrote.
    let complaint: String
}
