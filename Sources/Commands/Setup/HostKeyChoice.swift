internal import GitSource

/// The key of the git host that an operator named.
enum HostKeyName: Hashable, Sendable {
    /// Whatever the git host shows.
    case accept
    /// `SHA256:…`.
    case fingerprint(String)
    /// `ssh-ed25519 AAAA…`.
    case key(String)

    /// `accept`, a fingerprint, or a line that has the key, as one of known_hosts; `nil` of everything else.
    init?(_ text: String) {
        if text == "accept" {
            self = .accept
        } else if text.wholeMatch(of: /SHA256:[A-Za-z0-9+\/]{43}/) != nil {
            self = .fingerprint(text)
        } else if let match = text.firstMatch(of: /(?:^| )((?:ssh|ecdsa)-[a-z0-9\-]+ AAAA[A-Za-z0-9+\/]*={0,2})/) {
            self = .key(String(match.1))
        } else {
            return nil
        }
    }

    func names(_ key: ShownHostKey) -> Bool {
        switch self {
        case .accept: true
        case .fingerprint(let fingerprint): key.fingerprint == fingerprint
        case .key(let text): key.key == text
        }
    }
}

/// What becomes of the keys that the git host shows. Whoever answers in its place could deploy anything here.
enum HostKeyChoice: Hashable, Sendable {
    /// One of them is believed already.
    case pinned
    /// Another one is pinned: somebody may be in between.
    case changed
    case take([ShownHostKey])
    /// The one that was named is not among them.
    case notShown
    /// A person has to compare it.
    case ask(ShownHostKey)

    /// `pinned`: what known_hosts says of the git host. `replaces`: another one may take its place.
    init?(shown: [ShownHostKey], pinned: [KnownHostLine], named: HostKeyName?, replaces: Bool) {
        guard let first = shown.first(where: { $0.key.hasPrefix("ssh-ed25519 ") }) ?? shown.first else { return nil }
        let known = pinned.filter { $0.key != nil || $0.isAuthority }
        if known.contains(where: { line in line.isAuthority || shown.contains { $0.key == line.key } }) {
            self = .pinned
        } else if !known.isEmpty, !replaces {
            self = .changed
        } else if let named {
            let taken = shown.filter(named.names)
            self = taken.isEmpty ? .notShown : .take(taken)
        } else {
            self = .ask(first)
        }
    }
}
