internal import FoundationEssentials
internal import Glibc
internal import Model
internal import Processes

/// Where isolated builds happen, and the program that does them.
struct BuildArea: Sendable {
    let configuration: EngineConfiguration

    private var path: String { configuration.buildDirectory }

    /// A file that is handed over; it goes when it was used, and with it whatever still works on it.
    func input(_ action: String) throws(EngineError) -> Download {
        try Download(directory: "\(path)/in", action: action)
    }

    /// Base images that are not there yet.
    func missing(_ ids: [String]) -> [String] {
        ids.filter { !FileManager.default.fileExists(atPath: "\(path)/bases/\($0)") }
    }

    /// Runs one verb of `build.bash` to a successful end, line by line.
    func run(
        _ verb: String, _ input: Download, _ arguments: [String], tell: @escaping @Sendable (String) -> Void
    ) async throws {
        try prepare()
        let command = try command([verb, input.path] + arguments)
        try await command.stream { output in
            var rest: [UInt8] = []
            for try await piece in output {
                rest += piece
                var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                // A line without an end is no reason to keep all of it.
                rest = Array((lines.popLast() ?? []).suffix(64 << 10))
                for line in lines where !line.isEmpty { tell(String(decoding: line, as: UTF8.self)) }
            }
            if !rest.isEmpty { tell(String(decoding: rest, as: UTF8.self)) }
        }
    }

    private func prepare() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try write(PackageResources.build_bash, to: "build.bash")
        // A file: arguments, and the variables of a unit, can be read by every user of the host.
        let proxy = try configuration.proxy?.environment() ?? [:]
        try write(proxy.sorted { $0.key < $1.key }.flatMap { Array("\($0)=\($1)\n".utf8) }, to: "proxy")
    }

    /// Another process may be reading the one that is there.
    private func write(_ bytes: [UInt8], to name: String) throws {
        let temporary = "\(path)/\(name).\(UUID().uuidString)"
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename(temporary, "\(path)/\(name)") == 0
        else {
            unlink(temporary)
            throw EngineError(
                .refused(status: nil), "cannot write '\(path)/\(name)'", hint: "see that there is space on its disk",
                disposition: .transient)
        }
    }

    /// systemd starts it outside of what binds Fairlead's own unit, and inside of the bounds of the build.
    private func command(_ arguments: [String]) throws(EngineError) -> Command {
        let limits = configuration.buildLimits
        let bash = Command.find("bash") ?? "/bin/bash"
        let systemd = FileManager.default.fileExists(atPath: "/run/systemd/system") ? Command.find("systemd-run") : nil
        let script =
            ["\(path)/build.bash", path, "\(getpid())", systemd == nil ? "own" : "unit", "\(limits.memory.bytes)"]
            + ["\(limits.processes)", "\(limits.disk.bytes)", "\(limits.free.bytes)"] + arguments
        let deadline = configuration.transferDeadline
        guard let systemd else { return Command(bash, script, workingDirectory: "/", deadline: deadline) }
        let properties = [
            "MemoryMax=\(limits.memory.bytes)", "MemorySwapMax=0", "TasksMax=\(limits.processes)",
            "RuntimeMaxSec=\(deadline.components.seconds)", "CPUWeight=50", "IOWeight=50", "OOMScoreAdjust=500",
        ]
        let unit = ["--quiet", "--pipe", "--wait", "--collect", "--description=Fairlead builds an image"]
        // In a unit's command systemd would put in what '$NAME' stands for.
        let plain = ([bash] + script).map { $0.replacing("$", with: "$$") }
        return Command(
            systemd, unit + properties.flatMap { ["--property", $0] } + ["--"] + plain, workingDirectory: "/",
            deadline: deadline)
    }
}
