internal import Planning

/// The key by which this machine is told from all others: with it, it signs its backups too.
public struct HostKey: Sendable {
    private let identity: BackupIdentity

    public init(_ configuration: HostConfiguration) { identity = BackupIdentity(configuration) }

    /// The line of its public half, without a comment.
    public func publicKey() async throws(HostError) -> String { try await identity.publicKey() }
}
