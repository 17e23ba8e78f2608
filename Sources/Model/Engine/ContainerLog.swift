/// Where an engine puts what one container writes. It is named for each container, so that no default of the host decides.
public enum ContainerLog: Hashable, Sendable {
    /// systemd's journal; without a journal the container cannot be started.
    case journal
    /// The engine's own file, which is bounded and goes with the container.
    case file(maximum: ByteCount)
    case nowhere

    public static let standardMaximum = ByteCount(bytes: 50 << 20)

    /// `hasJournal`: whether systemd's journal runs on the host.
    public init(_ plan: ContainerLogPlan?, hasJournal: Bool) {
        switch plan?.driver {
        case .journald: self = .journal
        case nil where hasJournal: self = .journal
        case .none?: self = .nowhere
        case .file, nil: self = .file(maximum: plan?.maximum ?? Self.standardMaximum)
        }
    }
}
