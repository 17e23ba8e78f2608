/// Whose runs may fill data directories.
public enum RestoreOrigin: Codable, Hashable, Sendable {
    /// Those of every host of the stack.
    case stack
    /// Those of these hosts.
    case hosts([String])
    /// The last one of a host that gave its stack away, and no other.
    case last(BackupRunID, host: String)

    public func allows(_ run: BackupRunID, of host: String) -> Bool {
        switch self {
        case .stack: true
        case .hosts(let hosts): hosts.contains(host)
        case .last(let last, let giver): run == last && host == giver
        }
    }
}
