/// What the error output of ssh and of the git behind it means.
struct SSHComplaint {
    let failure: GitFailure
    let problem: SSHProblem?

    init(_ text: String, from address: SSHAddress, url: String, key: String?) {
        let attempt = "cannot read '\(url)'"
        let line = Self.oneLine(text)
        let has = { (words: [String]) in words.contains { text.contains($0) } }
        let changed = has(["HOST IDENTIFICATION HAS CHANGED"])
        if changed || has(["Host key verification failed", "host key is known for"]) {
            problem = SSHProblem(reason: changed ? .changedHostKey : .unknownHostKey, address: address, complaint: text)
            failure = GitFailure(.identity, "\(attempt): \(line)")
        } else if has(["bad permissions", "UNPROTECTED PRIVATE KEY"]) {
            problem = nil
            failure = GitFailure(
                .configuration, "\(attempt): others can read the ssh key '\(key ?? "")'",
                hint: "chmod 600 '\(key ?? "")'")
        } else if has(["Permission denied", "Too many authentication failures"]) {
            problem = SSHProblem(reason: .permissionDenied, address: address, complaint: text)
            failure = GitFailure(.authentication, "\(attempt): \(line)")
        } else {
            problem = nil
            failure = GitFailure(Self.kind(has), "\(attempt): \(line)", hint: Self.hint(has))
        }
    }

    private static func kind(_ has: ([String]) -> Bool) -> GitFailure.Kind {
        if has(["does not appear to be a git repository", "epository not found", "not found."]) { return .notFound }
        if has(networkWords) { return .network }
        return .server
    }

    private static func hint(_ has: ([String]) -> Bool) -> String {
        switch kind(has) {
        case .notFound: "check the path in the url and that the key may read the repository"
        case .network: "check the host and the port in the url and that this host reaches it"
        default: "check with ssh what the account runs; git-upload-pack has to be allowed"
        }
    }

    private static let networkWords = [
        "Could not resolve hostname", "Connection refused", "Connection timed out", "Operation timed out",
        "Network is unreachable", "No route to host", "Connection reset", "Connection closed",
        "kex_exchange_identification", "banner exchange",
    ]

    /// The frame of at signs around ssh's warning says nothing.
    private static func oneLine(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.filter { !$0.isASCII || !$0.unicodeScalars.allSatisfy { $0.value < 0x20 } } }
            .filter { line in !line.isEmpty && !line.allSatisfy { $0 == "@" } }
        return lines.isEmpty
            ? "the server closed the connection without a word" : lines.suffix(4).joined(separator: " | ")
    }
}
