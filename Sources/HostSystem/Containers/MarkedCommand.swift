internal import Files
internal import Glibc
internal import Model

/// A command that an engine runs in a container, known by a mark in its environment.
///
/// An engine has no deadline for commands, and lets one go on when the engine's own program is killed.
package struct MarkedCommand: Sendable {
    /// In the environment of the command.
    package static let variable = "FAIRLEAD_BACKUP"

    /// Of this command alone.
    package let mark: String

    package init(mark: String) { self.mark = mark }

    /// Kills it and all that it started; returns whether nothing of it is left.
    @discardableResult
    package func end() async -> Bool {
        let ended = try? await BlockingWork.run("end what runs in a container", deadline: .seconds(30)) {
            () throws(HostError) in endNow()
        }
        return ended ?? false
    }

    private func endNow() -> Bool {
        var sessions: Set<pid_t> = []
        for _ in 0..<20 {
            let doomed = processes(&sessions)
            guard !doomed.isEmpty else { return true }
            for process in doomed { kill(process, SIGKILL) }
            usleep(100_000)
        }
        return false
    }

    /// Those of it that live; `sessions` are those that it leads, so that a child that lost its parent is found as well.
    private func processes(_ sessions: inout Set<pid_t>) -> Set<pid_t> {
        let all = HostProcess.all()
        let monitors = Set(all.filter(isMonitor).map(\.id))
        let roots = all.filter { monitors.contains($0.parent) || isMarked($0) }
        sessions.formUnion(roots.filter { $0.session == $0.id }.map(\.id))
        var found = Set(roots.map(\.id)).union(all.filter { sessions.contains($0.session) }.map(\.id))
        while true {
            let further = all.filter { found.contains($0.parent) && !found.contains($0.id) }
            guard !further.isEmpty else { break }
            found.formUnion(further.map(\.id))
        }
        // One that is dead stays until its parent has asked how it ended.
        return found.intersection(all.filter { !$0.isDead }.map(\.id)).subtracting([1, getpid()])
    }

    private static let monitors = EngineProduct.allCases.compactMap(\.traits.commandMonitor)

    private var entry: String { "\(Self.variable)=\(mark)" }

    /// Where this program may look into the environment of another user's process.
    private func isMarked(_ process: HostProcess) -> Bool {
        process.words(of: "environ").contains(entry)
    }

    /// The engine's monitor of the command: what it was told to start lies in a file.
    private func isMonitor(_ process: HostProcess) -> Bool {
        let words = process.words(of: "cmdline")
        let name = PathName.name(of: words.first ?? "")
        guard let monitor = Self.monitors.first(where: { $0.name == name }),
            let option = words.firstIndex(of: monitor.description), words.indices.contains(option + 1),
            let described = try? Descriptor(words[option + 1], O_RDONLY | O_NOFOLLOW).read(limit: 16 << 20)
        else { return false }
        return String(decoding: described, as: UTF8.self).contains("\"\(entry)\"")
    }
}

/// A process as the kernel describes it.
struct HostProcess {
    let id: pid_t
    let parent: pid_t
    let session: pid_t
    let isDead: Bool
    /// By a signal; not by a debugger, which lets it go on.
    let isHalted: Bool
    /// Of its program, at most 15 characters.
    let name: String
    /// In ticks of the clock since the host started.
    let start: Int64?

    static func all() -> [HostProcess] {
        ((try? DirectoryContent.names(in: "/proc")) ?? []).compactMap { pid_t($0) }.compactMap(HostProcess.init)
    }

    init?(_ id: pid_t) {
        guard let bytes = try? Descriptor("/proc/\(id)/stat", O_RDONLY).read(limit: 1 << 16) else { return nil }
        // The name in parentheses can hold anything.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")"), let begin = text.firstIndex(of: "(") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 3, let parent = pid_t(fields[1]), let session = pid_t(fields[3]) else { return nil }
        self.id = id
        self.parent = parent
        self.session = session
        isDead = fields[0] == "Z" || fields[0] == "X"
        isHalted = fields[0] == "T"
        name = String(text[text.index(after: begin)..<end])
        start = fields.count > 19 ? Int64(fields[19]) : nil
    }

    /// How long it has lived.
    var age: Duration? {
        // Not by /proc/uptime: where a host is a container (LXC) that is its own, and `start` is still the kernel's.
        var clock = timespec()
        guard let start, clock_gettime(CLOCK_BOOTTIME, &clock) == 0 else { return nil }
        let uptime = Duration.seconds(clock.tv_sec) + .nanoseconds(clock.tv_nsec)
        return max(.zero, uptime - .milliseconds(start * 1000 / Int64(sysconf(Int32(_SC_CLK_TCK)))))
    }

    /// Those of `/proc/ID/FILE`, each of which a zero byte ends; none where that may not be read.
    func words(of file: String) -> [String] {
        let bytes = (try? Descriptor("/proc/\(id)/\(file)", O_RDONLY).read(limit: 1 << 22)) ?? []
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
