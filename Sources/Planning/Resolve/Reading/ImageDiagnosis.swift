/// Says why a text is no image reference, and what to write.
struct ImageDiagnosis {
    let message: String
    let hint: String

    init(_ text: String) {
        let host = text.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
        let hasRegistry = text.contains("/") && (host == "localhost" || host.contains(".") || host.contains(":"))
        if !hasRegistry, let completed = ImageReference("docker.io/\(text.contains("/") ? "" : "library/")\(text)") {
            message = "image '\(text)' names no registry"
            hint = "write '\(completed)'"
        } else if text.contains("://") {
            message = "image '\(text)' is a URL"
            hint = "leave out the scheme, or write {\"archive\": URL, \"sha256\": DIGEST} for an archive"
        } else if ImageReference(text.lowercased()) != nil {
            message = "image '\(text)' has upper-case letters in its name"
            hint = "write '\(text.lowercased())'"
        } else {
            message = "'\(text)' is not \(ImageReference.form)"
            hint = "write REGISTRY/NAME:TAG, REGISTRY/NAME@sha256:DIGEST or both"
        }
    }
}

/// Where an image archive may lie.
enum ArchiveURL {
    /// `nil` when `url` is `https://…`, `ssh://…` or `file:///…` without a password.
    static func problem(with url: String) -> (message: String, hint: String)? {
        let form = "write 'https://HOST/PATH', 'ssh://[USER@]HOST[:PORT]/PATH' or 'file:///PATH'"
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["https", "ssh", "file"].contains(parts[0]) else {
            return ("'\(withoutUser(url))' is not the URL of an image archive", form)
        }
        let authority = parts[1].prefix { $0 != "/" }
        let user = authority.contains("@") ? authority.prefix { $0 != "@" } : ""
        if user.contains(":") || (parts[0] == "https" && !user.isEmpty) {
            return (
                "'\(withoutUser(url))' carries credentials, and the plan is not secret",
                parts[0] == "ssh" ? "use a key in /root/.ssh" : "serve the archive without them, or over ssh with a key"
            )
        }
        let path = parts[1].dropFirst(authority.count)
        let hostFits =
            parts[0] == "file" ? authority.isEmpty : isHost(authority.drop { user.isEmpty ? false : $0 != "@" })
        let fits = hostFits && path.count > 1 && !url.contains(where: \.isWhitespace) && !url.hasControlCharacters
        return fits ? nil : ("'\(withoutUser(url))' is not the URL of an image archive", form)
    }

    private static func isHost(_ text: Substring) -> Bool {
        text.wholeMatch(of: /@?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?/) != nil
    }

    private static func withoutUser(_ url: String) -> String { url.replacing(/:\/\/[^\/@]*@/, with: "://") }
}
