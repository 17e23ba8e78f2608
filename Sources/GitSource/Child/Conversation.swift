internal import Clibgit2
internal import Glibc
internal import Model

/// One connection to one URL: what libgit2's callbacks ask for, and what they found out.
final class Conversation {
    let request: ChildRequest
    let url: RepositoryURL
    private let report: ProgressReport
    /// For https; read before the connection is made.
    private let token: String?
    private(set) var ssh: SSHProcess?
    /// What libgit2 reads from `ssh`; libgit2 owns it.
    var stream: UnsafeMutablePointer<git_smart_subtransport_stream>?
    private(set) var sshComplaint: SSHComplaint?
    /// What a callback objected to; it explains the error that libgit2 then reports.
    private(set) var objection: GitFailure?
    private var hasOfferedToken = false

    init(_ request: ChildRequest, _ report: ProgressReport) throws(GitFailure) {
        self.request = request
        self.report = report
        url = try RepositoryURL(request.url)
        token = try request.tokenFile.map { path throws(GitFailure) in try SecretFile.read(path) }
        try refusePlainPassword()
        try requireKey()
        try useProxy()
    }

    /// The attempt, for messages.
    var attempt: String { "cannot read '\(url.shown)'" }

    /// A server's words are in it, which may repeat the token or the header that it came in.
    func withoutToken(_ error: LibraryError) -> LibraryError {
        guard let token else { return error }
        let text = Redaction([(token, "[secret]")]).applied(to: error.text)
        return LibraryError(code: error.code, category: error.category, text: text)
    }

    /// What libgit2 is given; the ssh transport knows its address already.
    var urlForLibrary: String { if case .ssh = url.transport { "ssh://host/" } else { url.text } }

    /// `payload` leads back to this object, which has to outlive the connection.
    func callbacks() -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { out, _, _, types, payload in Conversation.from(payload)?.credential(out, types) ?? -1
        }
        callbacks.transfer_progress = { progress, payload in
            guard let progress, let conversation = Conversation.from(payload) else { return -1 }
            return conversation.permit(FetchProgress.Counts(progress.pointee))
        }
        // What the server says while it collects the objects; without this its work would look like silence.
        callbacks.sideband_progress = { _, _, payload in Conversation.from(payload)?.heard() ?? -1 }
        if case .ssh = url.transport { callbacks.transport = SSHTransport.create }
        return callbacks
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> Conversation? {
        payload.map { Unmanaged<Conversation>.fromOpaque($0).takeUnretainedValue() }
    }

    private func refusePlainPassword() throws(GitFailure) {
        guard url.transport == .http, !url.isLoopback, token != nil || url.hasPassword else { return }
        throw GitFailure(
            .configuration, "\(attempt): a token is not sent over plain http, where everybody on the way can read it",
            hint: "use https://")
    }

    /// ssh itself would only say that the server denied access.
    private func requireKey() throws(GitFailure) {
        guard case .ssh = url.transport, let key = request.sshKey, access(key, R_OK) != 0 else { return }
        throw GitFailure(
            .configuration, "\(attempt): cannot read the ssh key '\(key)': \(String(cString: strerror(errno)))",
            hint: "put the private key there, with mode 0600")
    }

    private func heard() -> Int32 { report.update { _ in } ? 0 : GIT_EUSER.rawValue }

    private func permit(_ counts: FetchProgress.Counts) -> Int32 {
        guard counts.receivedBytes > request.packLimit else {
            return report.update { $0.take(counts) } ? 0 : GIT_EUSER.rawValue
        }
        objection = GitFailure(
            .packLimit, "\(attempt): the server sent more than \(ByteCount(bytes: request.packLimit).rounded)",
            hint:
                "a large file stays in the history although a later commit removes it: raise 'repository.maxPackSize' in "
                + "this host's configuration and start fairlead again; once all of it is here, the limit may go back")
        return GIT_EUSER.rawValue
    }

    private func credential(_ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ types: UInt32)
        -> Int32
    {
        guard let token, types & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0, !hasOfferedToken else {
            objection = refusal()
            return GIT_EUSER.rawValue
        }
        hasOfferedToken = true
        return git_credential_userpass_plaintext_new(out, request.username, token)
    }

    private func refusal() -> GitFailure {
        guard let file = request.tokenFile else {
            return GitFailure(
                .authentication, "\(attempt): the server asks for credentials", hint: "configure a token file")
        }
        return GitFailure(
            .authentication,
            "\(attempt): the server does not accept the token in '\(file)' for user '\(request.username)'",
            hint: "check that the token is valid, may read the repository and goes with that user name")
    }
}

extension Conversation {
    /// Starts ssh unless it runs; `false` when it cannot be started.
    func openSSH() -> Bool {
        guard ssh == nil else { return true }
        guard case .ssh(let address) = url.transport else { return false }
        do {
            let arguments = SSHArguments.list(for: address, key: request.sshKey, knownHosts: request.knownHosts)
            ssh = try SSHProcess(arguments)
        } catch {
            objection = error
        }
        return ssh != nil
    }

    func closeSSH() { ssh = nil }

    /// Keeps what ssh complained about, for the message; returns libgit2's error code.
    func reportSSH() -> Int32 {
        if let ssh, case .ssh(let address) = url.transport {
            sshComplaint = SSHComplaint(ssh.complaint(), from: address, url: url.shown, key: request.sshKey)
        }
        git_error_set_str(Int32(GIT_ERROR_SSH.rawValue), "ssh ended")
        return GIT_ERROR.rawValue
    }
}

extension FetchProgress.Counts {
    fileprivate init(_ progress: git_indexer_progress) {
        self.init(
            totalObjects: Int(progress.total_objects), receivedObjects: Int(progress.received_objects),
            totalDeltas: Int(progress.total_deltas), indexedDeltas: Int(progress.indexed_deltas),
            receivedBytes: Int64(progress.received_bytes))
    }
}
