internal import Clibgit2

extension Conversation {
    /// The failure behind what libgit2 reported.
    func explain(_ error: LibraryError) -> GitFailure {
        let error = withoutToken(error)
        if let objection { return objection }
        if let sshComplaint { return sshComplaint.failure }
        if let proxyFailure { return proxyFailure }
        if error.text.contains("No space left") || error.isCategory(GIT_ERROR_NOMEMORY) {
            return error.failure(.local, attempt, hint: "free space on this host")
        }
        if error.isOfName {
            return GitFailure(.content, "\(attempt): \(LibraryError.nameWords)", hint: "remove it in a new commit")
        }
        if hasOtherNames(error) { return otherNames }
        if error.isCode(GIT_ECERTIFICATE) || error.isCategory(GIT_ERROR_SSL) { return certificateFailure(error) }
        if error.isCode(GIT_EAUTH) { return error.failure(.authentication, attempt, hint: "check the token") }
        if case .local = url.transport { return localFailure(error) }
        return error.isCategory(GIT_ERROR_HTTP, GIT_ERROR_NET, GIT_ERROR_OS)
            ? answerFailure(error) : serverFailure(error)
    }

    /// What libgit2 says of a repository with SHA-256 object names, on a disk and of a server.
    private func hasOtherNames(_ error: LibraryError) -> Bool {
        ["objectformat", "REF pkt-line"].contains(where: error.text.contains)
    }

    private var otherNames: GitFailure {
        GitFailure(
            .server, "\(attempt): its object names are not SHA-1 but, it seems, SHA-256, which libgit2 cannot read",
            hint: "push the history into a repository of the usual kind: 'git init --bare --object-format=sha1'")
    }

    private func certificateFailure(_ error: LibraryError) -> GitFailure {
        let hint =
            error.text.contains("Common Name") || error.text.contains("hostname")
            ? "use the host name in the url that the certificate is made for, which cannot be an address"
            : "if the server has a certificate of your own authority, configure that authority's file as caFile; "
                + "now it is '\(request.caFile)'"
        return error.failure(.identity, attempt, hint: hint)
    }

    private func localFailure(_ error: LibraryError) -> GitFailure {
        let hint = "check that the path exists and is a git repository"
        // libgit2 takes a path that is not there for a url of an unknown kind.
        if error.text.contains("URL protocol") {
            return GitFailure(.notFound, "\(attempt): there is no such directory", hint: hint)
        }
        return error.failure(.notFound, attempt, hint: hint)
    }

    private func answerFailure(_ error: LibraryError) -> GitFailure {
        if let status = Self.httpStatus(in: error.text) { return statusFailure(status) }
        if error.text.contains("content-type") {
            return error.failure(.server, attempt, hint: "the url leads to a web page, not to a git repository")
        }
        if ["resolve", "connect", "Connection", "timed out"].contains(where: error.text.contains) {
            return error.failure(.network, attempt, hint: "check the host in the url and that this host reaches it")
        }
        return serverFailure(error)
    }

    private func statusFailure(_ status: Int) -> GitFailure {
        switch status {
        case 401, 403:
            GitFailure(
                .authentication, "\(attempt): the server refuses access (http status \(status))",
                hint: "check that the token may read the repository")
        case 404, 410:
            GitFailure(
                .notFound, "\(attempt): there is no such repository (http status \(status))",
                hint: "check the url; many servers answer so when the token may not read the repository")
        default:
            GitFailure(
                .server, "\(attempt): the server answered with http status \(status)",
                hint: "look into the server's log")
        }
    }

    private func serverFailure(_ error: LibraryError) -> GitFailure {
        error.failure(.server, attempt, hint: "check the url, and the server's log")
    }

    /// From "unexpected http status code: 500".
    private static func httpStatus(in text: String) -> Int? {
        guard text.contains("status") else { return nil }
        return text.split { !$0.isNumber }.compactMap { Int($0) }.first { (100...599).contains($0) }
    }
}
