public import Files
public import Model

/// The key by which this machine is told from all others: with it, it signs its backups too.
public struct HostKey: Sendable {
    private let identity: BackupIdentity

    public init(_ configuration: HostConfiguration) { identity = BackupIdentity(configuration) }

    /// The line of its public half, without a comment.
    public func publicKey() async throws(HostError) -> String { try await identity.publicKey() }
}

/// The end of the journal, for those who keep it elsewhere.
extension HostKey {
    /// A signature for it is none for a backup.
    private static let namespace = "fairlead-journal"

    public func signed(_ head: JournalHead, of host: String) async throws(HostError) -> SignedJournalHead {
        let scratch = try TemporaryDirectory()
        let file = "\(scratch.path)/head"
        try AtomicFile.write(Array(SignedJournalHead.statement(head, of: host).utf8), to: file)
        try await SSHSignature.make(
            for: file, key: identity.signingKey, namespace: Self.namespace, commandPath: identity.commandPath)
        let signature = try Descriptor("\(file).sig", 0).read(limit: 1 << 16)
        return SignedJournalHead(host: host, head: head, signature: String(decoding: signature, as: UTF8.self))
    }

    /// Throws unless this key signed it, for `host`.
    public func check(_ signed: SignedJournalHead, of host: String) async throws(HostError) {
        guard signed.host == host else {
            throw HostError(
                "the head is of the journal of host '\(ForeignText(signed.host, limit: 60))', and this one is '\(host)'",
                hint: "run the command on that host")
        }
        let isSigned = try await SSHSignature.isValid(
            Array(signed.signature.utf8), of: Array(signed.statement.utf8), by: [try await identity.publicKey()],
            namespace: Self.namespace, commandPath: identity.commandPath)
        guard isSigned else {
            throw HostError(
                "the head is not signed by '\(identity.signingKey)', the key of this host",
                hint: "it was changed or made up, or the host has another key since; see who could have done either")
        }
    }
}
