internal import FoundationEssentials
internal import Glibc
internal import Model
internal import Processes

/// Asks ssh-keygen what a signature is worth.
struct SSHSignatureCheck {
    /// A line of allowed signers with more names is not believed.
    private static let mostNames = 20

    let program: String
    let list: SignerList
    let time: Timestamp

    /// `file` holds the signature.
    func finding(of payload: [UInt8], signedBy file: String) async throws -> SignatureFinding {
        let found = try await run(["-Y", "find-principals", "-f", list.file, "-s", file, moment], payload)
        var complaint = found.errorTail
        let names = found.status == 0 ? found.text.split(whereSeparator: \.isNewline).map(String.init) : []
        for name in names.prefix(Self.mostNames) {
            let checked = try await verify(name, payload, file, revocation: list.revoked)
            if checked.status == 0 { return .signed(try signer(name, names, key: Self.key(in: checked.text))) }
            complaint = checked.errorTail
            guard let revoked = list.revoked else { continue }
            let unrevoked = try await verify(name, payload, file, revocation: nil)
            guard unrevoked.status == 0 else { continue }
            try await confirmRevocation(by: revoked, name, payload, file)
            return .refused("is of key \(Self.key(in: unrevoked.text)), which is revoked")
        }
        let alone = try await run(["-Y", "check-novalidate", "-n", Self.namespace, "-s", file], payload)
        return .refused(
            Self.refusal(
                complaint, key: alone.status == 0 ? Self.key(in: alone.text) : nil, itself: alone.errorTail))
    }

    /// With all `names` of the line, or certificate: beside another signer they may be one person.
    private func signer(_ name: String, _ names: [String], key: String) throws(GitFailure) -> CommitSigner {
        guard let data = FileManager.default.contents(atPath: list.file) else {
            throw GitFailure(.local, "cannot verify signatures: '\(list.file)' cannot be read any more")
        }
        let text = String(decoding: data, as: UTF8.self)
        return CommitSigner(
            name: name, key: key, aliases: SignerNames.aliases(of: name, named: names, inAllowedSigners: text))
    }

    /// `key`: of a signature that fits, but is not of an allowed signer; `itself`: what is wrong with one that does not.
    static func refusal(_ complaint: String, key: String?, itself: String) -> String {
        guard let key else {
            if itself.contains("namespace does not match") { return "was made for another purpose than git commits" }
            return itself.contains("incorrect signature")
                ? "does not fit the commit, which was changed after it was signed" : "cannot be understood"
        }
        if complaint.contains("key has expired") { return "is of key \(key), which is not valid any more" }
        if complaint.contains("key is not yet valid") { return "is of key \(key), which is not valid yet" }
        if complaint.contains("not permitted for use in signature namespace") {
            return "is of key \(key), which may not sign commits: its 'namespaces' lacks 'git'"
        }
        return "is of key \(key), which is no allowed signer's"
    }

    /// ssh-keygen ends in the same way for a key that is revoked and for a file that it cannot understand, or read by now:
    /// only its log tells.
    private func confirmRevocation(
        by revoked: String, _ name: String, _ payload: [UInt8], _ file: String
    ) async throws {
        let log = try await verify(name, payload, file, revocation: revoked, ["-vvv"]).errorTail
        guard log.contains("Key is revoked") else {
            throw GitFailure(
                .configuration, "cannot verify signatures: ssh-keygen does not understand '\(revoked)'",
                hint: "'trust.commits.revoked' in the host's configuration names it; write \(RevokedKeys.form)")
        }
    }

    private func verify(
        _ name: String, _ payload: [UInt8], _ file: String, revocation: String?, _ flags: [String] = []
    ) async throws(CommandFailure) -> CommandResult {
        let arguments = flags + ["-Y", "verify", "-f", list.file, "-I", name, "-n", Self.namespace, "-s", file, moment]
        return try await run(arguments + (revocation.map { ["-r", $0] } ?? []), payload)
    }

    private func run(_ arguments: [String], _ payload: [UInt8]) async throws(CommandFailure) -> CommandResult {
        try await Command(program, arguments, input: payload, deadline: .seconds(30)).runToEnd()
    }

    private static let namespace = "git"

    /// When the commit was received: its own time is what its author says.
    private var moment: String {
        var seconds = time_t(time.milliseconds / 1000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "-Overify-time=\(seconds)" }
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y%m%d%H%M%SZ", &parts)
        return "-Overify-time=" + String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// `Good "git" signature for NAME with ED25519 key SHA256:…`.
    private static func key(in text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    }
}
