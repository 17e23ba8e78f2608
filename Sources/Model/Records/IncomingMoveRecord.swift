/// How far the move of another host's stack to this one has come.
public struct IncomingMoveRecord: Codable, Hashable, Sendable {
    /// The host that is replaced.
    public var replaced: String
    /// Since when its last backup is waited for.
    public var since: Timestamp
    /// What the data is restored from; absent while it is waited for.
    public var origin: RestoreOrigin?

    public init(replaced: String, since: Timestamp, origin: RestoreOrigin? = nil) {
        self.replaced = replaced
        self.since = since
        self.origin = origin
    }
}
