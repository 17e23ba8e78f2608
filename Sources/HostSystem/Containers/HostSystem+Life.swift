internal import Glibc
public import Model

extension HostSystem {
    /// `nil` where the engine tells of no process, or it cannot be looked at.
    public func life(of container: ContainerStatus) -> ContainerLife? {
        guard let id = container.process else { return nil }
        // Asked for so, since a host may hide the processes of others in /proc.
        guard kill(id, 0) == 0 || errno != ESRCH else { return .ended }
        guard let process = HostProcess(id) else { return nil }
        guard !process.isDead else { return .ended }
        // What loses its monitor is given to another process.
        let monitor = HostProcess(process.parent)
        let isMonitored = monitor.map { parent in Self.monitors.contains { parent.name.hasPrefix($0) } } ?? true
        return ContainerLife(age: process.age ?? .zero, isMonitored: isMonitored, isHalted: process.isHalted)
    }

    /// How long the host is up: since its first process began, which is this boot's in a container (LXC) as well, whose
    /// kernel may have run for years.
    public static func uptime() -> Duration? { HostProcess(1)?.age }

    /// Of every engine, since nobody has to be asked so.
    private static let monitors = EngineProduct.allCases.flatMap(\.traits.monitors)
}
