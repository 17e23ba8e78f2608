internal import Glibc
internal import Model

extension ContainerStatus {
    /// Whether it has no process that a stop could reach; false where that cannot be told.
    ///
    /// Podman that is killed while it stops or removes a container calls it `stopping` or `removing` for ever, and
    /// refuses each stop of what has no process any more. It still removes it by force.
    var isOver: Bool {
        // One that crashes has none either, and is started again.
        guard let process else { return state == .stopping }
        // Asked for so, since a host may hide the processes of others in /proc.
        guard kill(process, 0) == 0 || errno != ESRCH else { return true }
        return ProcessStat(of: process)?.isDead ?? false
    }
}
