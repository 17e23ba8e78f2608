internal import FoundationEssentials
internal import Model
internal import Processes

/// Asks gpgv what a signature is worth, now: it knows no other time.
struct GPGSignatureCheck {
    let program: String
    let list: SignerList
    private let revoked: Set<String>

    init(program: String, list: SignerList) throws(GitFailure) {
        self.program = program
        self.list = list
        guard !Self.text(list.file, most: 11).hasPrefix("-----BEGIN") else {
            throw GitFailure(
                .configuration, "cannot verify signatures: '\(list.file)' is armoured, which gpgv cannot read",
                hint: "gpg --dearmor <'\(list.file)' >FILE, and name that one in 'trust.commits.allowedSigners'")
        }
        guard let revoked = GPGStatus.fingerprints(list.revoked.map { Self.text($0) } ?? "") else {
            throw GitFailure(
                .configuration, "cannot verify signatures: '\(list.revoked ?? "")' has a line that is no fingerprint",
                hint: "write one fingerprint of 40 hexadecimal digits a line, as 'gpg --list-keys' shows them")
        }
        self.revoked = revoked
    }

    /// `file` holds the signature; `directory` is an empty one in which gpgv finds no settings.
    func finding(
        of payload: [UInt8], signedBy file: String, in directory: String
    ) async throws(CommandFailure) -> SignatureFinding {
        let arguments = ["--status-fd", "1", "--homedir", directory, "--keyring", list.file, file, "-"]
        let result = try await Command(program, arguments, input: payload, deadline: .seconds(30)).runToEnd()
        return GPGStatus(result.text).finding(revoked: revoked)
    }

    private static func text(_ file: String, most: Int = 1 << 20) -> String {
        String(decoding: (FileManager.default.contents(atPath: file) ?? Data()).prefix(most), as: UTF8.self)
    }
}
