internal import Glibc
internal import Planning

/// What is left of a container whose end Podman did not see, or did not write down.
///
/// Killed while it stops or removes a container, it calls that `stopping` or `removing` for ever, and refuses each stop of what
/// has no process any more; it still removes it by force.
struct ContainerRemains {
    /// Its first process where that is a zombie, so that its monitor lives and does not collect it.
    private let zombie: ProcessStat?

    /// `nil` where it has a process that a stop could reach, and where that cannot be told.
    init?(of status: ContainerStatus) {
        guard let process = status.process else {
            // One that crashes has none either, and is started again.
            guard status.state == .stopping else { return nil }
            zombie = nil
            return
        }
        // Asked for so, since a host may hide the processes of others in /proc.
        guard kill(process, 0) == 0 || errno != ESRCH else {
            zombie = nil
            return
        }
        guard let stat = ProcessStat(of: process), stat.isDead else { return nil }
        zombie = stat
    }

    /// A monitor that hangs would outlive its container. Any other parent is left alone.
    func endMonitor(of id: String) {
        guard let parent = zombie?.parent, parent > 1 else { return }
        let words = (ProcessFile.read("cmdline", of: parent) ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let program = words.first?.split(separator: "/").last, program == "conmon" else { return }
        guard zip(words, words.dropFirst()).contains(where: { $0 == "-c" && $1 == id }) else { return }
        kill(parent, SIGKILL)
    }
}

/// What the kernel says of a process in one line.
private struct ProcessStat {
    let isDead: Bool
    let parent: Int32

    init?(of process: Int32) {
        // The name before it, in brackets, may have any signs.
        guard let line = ProcessFile.read("stat", of: process), let end = line.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        let fields = String(decoding: line[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let parent = Int32(fields[1]) else { return nil }
        isDead = ["Z", "X", "x"].contains(fields[0])
        self.parent = parent
    }
}
