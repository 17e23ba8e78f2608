internal import Model

/// Who has to sign the commits that are deployed, as `--signers` says it.
struct SignerSource: Hashable, Sendable {
    let bytes: [UInt8]
    let mode: TrustSettings.Commits.Mode

    /// `text`: a file of such lines as `ada@example.com ssh-ed25519 AAAA…`, a keyring of gpg, or one such line itself.
    init(_ text: String) throws(SetupError) {
        if let content = try? HostFile(text).read(limit: 1 << 24), !content.isEmpty {
            bytes = content
        } else {
            // Whoever signs stands before the key.
            guard text.prefixMatch(of: /[^ \t]+ (.* )?(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.\-]+ AAAA/) != nil
            else { throw Self.unusable }
            bytes = Array("\(text)\n".utf8)
        }
        mode = Self.hasKey(String(decoding: bytes, as: UTF8.self)) ? .ssh : .gpg
        // A packet of PGP begins so; gpgv reads no armour.
        guard mode == .ssh || (bytes.first ?? 0) >= 128 else { throw Self.unusable }
    }

    private static func hasKey(_ text: String) -> Bool {
        text.firstMatch(of: /(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.\-]+ AAAA/) != nil
    }

    private static let unusable = SetupError(
        "'--signers' names no file with keys, and is no line such as 'ada@example.com ssh-ed25519 AAAA…'",
        hint: "copy the file to this host, or write the line")
}
