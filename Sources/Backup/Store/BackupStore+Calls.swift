internal import Files
internal import HostSystem
internal import Model
internal import Processes

extension BackupStore {
    /// Runs rclone on this store; `nil` where what it should read does not exist. `purpose` completes "cannot …".
    func rclone(
        _ arguments: [String], to purpose: String, deadline: Duration = .seconds(120), outputLimit: Int = 64 << 20
    ) async throws(HostError) -> CommandResult? {
        try await requireMount()
        let result: CommandResult
        do {
            result = try await command(arguments, deadline: deadline, outputLimit: outputLimit).runToEnd()
        } catch {
            throw failure(of: error, to: purpose)
        }
        switch result.status {
        case 0: return result
        case 3, 4: return nil
        default: throw failure(RcloneLog(tail: result.errorTail), to: purpose)
        }
    }

    /// `files` are what it reads on this host, `into` is a directory of this host that it writes.
    func command(
        _ arguments: [String], source: BackupStore? = nil, files: [String] = [], into directory: String? = nil,
        deadline: Duration, outputLimit: Int = 64 << 20
    ) -> Command {
        let other = source?.remote.environment(as: Self.sourceName) ?? [:]
        let command = Command(
            program, arguments, environment: environment.merging(other) { own, _ in own }, deadline: deadline,
            outputLimit: outputLimit)
        let confinement = Confinement(
            reading: files + [source?.directory].compactMap(\.self), writing: [directory].compactMap(\.self),
            foreign: self.directory)
        return source?.isOwners == true ? command : confined(command, confinement)
    }

    /// The words that start rclone to read from this store, for the pipelines of a shell that has `environment`.
    var launcher: [String] {
        let command = confined(Command(program), Confinement(foreign: directory))
        return [command.executable] + command.arguments
    }

    /// A remote of the host's owner may read and run what he says.
    private func confined(_ command: Command, _ confinement: Confinement) -> Command {
        guard let confiner = configuration.confiner, !isOwners else { return command }
        return confinement.applied(to: command, by: confiner)
    }

    /// Of a target that is one.
    var directory: String? {
        guard case .directory = target.store else { return nil }
        return target.basePath
    }

    /// What the other store of a copy is called.
    static let sourceName = "SOURCE"

    /// A path below the target's own, and not that itself.
    func check(_ path: String) throws(HostError) {
        guard path.pathParts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else { return }
        throw HostError("'\(path)' is not a path on backup target '\(name)'")
    }

    /// What can be moved at the least, with time for all else.
    func deadline(for bytes: Int64) -> Duration { .seconds(600 + bytes / slowest) }

    /// In bytes per second; what is slower is as good as broken.
    var slowest: Int64 { min(64 << 10, max(1, (target.bandwidth?.bytes ?? .max) / 2)) }
}
