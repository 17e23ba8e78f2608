internal import Model

/// Tells a container that is being restarted from one that has come to its end.
public struct CrashWatch {
    enum Verdict: Equatable {
        case running
        /// Down for a moment: the engine's restart policy may bring it back.
        case down
        /// Running again, after a restart that was not seen before.
        case restarted
        case ended
        case crashLoop
    }

    /// Restarts after which a container counts as crashing in a loop.
    static let loop = 3
    /// The engine restarts an exited container within moments, on a loaded host within ten seconds and more; one that
    /// stays down longer has ended.
    public static let grace = Duration.seconds(20)

    private var downSince: Duration?
    private var restarts = 0

    /// `elapsed` is the time since the container was started.
    mutating func judge(_ status: ContainerStatus, elapsed: Duration) -> Verdict {
        guard status.restarts < Self.loop else { return .crashLoop }
        defer { restarts = status.restarts }
        guard status.state != .running else {
            downSince = nil
            return status.restarts > restarts ? .restarted : .running
        }
        let since = downSince ?? elapsed
        downSince = since
        guard elapsed - since > Self.grace else { return .down }
        // It crashed again after its restart.
        return status.restarts > 0 ? .crashLoop : .ended
    }
}
