internal import Model

/// Where an image archive may lie.
enum ArchiveURL {
    /// `nil` when `url` is `https://…`, `ssh://…` or `file:///…` without a password.
    static func problem(with url: String) -> (message: String, hint: String)? {
        // Up to the last '@': a password may hold one itself.
        let shown = url.replacing(/:\/\/[^\/]*@/, with: "://")
        if url.contains(/^https:\/\/[^\/]*@/) {
            return ("'\(shown)' carries credentials, and the plan is not secret", "serve it without, or over ssh")
        }
        if url.contains(/^ssh:\/\/[^\/@]*:[^\/]*@/) {
            return ("'\(shown)' carries credentials, and the plan is not secret", "use a key in /root/.ssh")
        }
        guard !fits(url) else { return nil }
        return (
            "'\(shown)' is not the URL of an image archive",
            "write 'https://HOST/PATH', 'ssh://[USER@]HOST[:PORT]/PATH' or 'file:///PATH'"
        )
    }

    /// Users and hosts must not begin with '-': to a program they would be options. Paths on a server are given to
    /// a shell there, so they hold nothing that it understands.
    private static func fits(_ url: String) -> Bool {
        guard !url.hasControlCharacters, let end = url.firstRange(of: "://") else { return false }
        let rest = url[end.upperBound...]
        let host = /(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?/
        switch url[..<end.lowerBound] {
        case "file": return rest.wholeMatch(of: /\/[^\s]+/) != nil
        case "https":
            guard let tail = rest.prefixMatch(of: host) else { return false }
            return rest[tail.range.upperBound...].wholeMatch(of: /\/[^\s]+/) != nil
        case "ssh":
            let login = rest.prefixMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]*@/)?.range.upperBound ?? rest.startIndex
            guard let tail = rest[login...].prefixMatch(of: host) else { return false }
            return rest[tail.range.upperBound...].wholeMatch(of: /\/[A-Za-z0-9._~\/+@:,=-]+/) != nil
        default: return false
        }
    }
}
