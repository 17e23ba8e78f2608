internal import Files
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Whether a copy of data directories fits on the file system of their stack.
struct SnapshotRoom: Sendable {
    let host: HostSystem
    let stackDirectory: String
    var purpose = Purpose.copy

    enum Purpose {
        /// Before a deployment.
        case copy
        /// Of what a roll back replaces, where that is a disk of its own.
        case settingAside
    }

    static let refusal = "write \"beforeDeploy\": \"none\" in the plan's 'backup' to deploy without a copy"

    /// Throws when `volumes` would not fit, beside what has to stay free. `gain`: so many bytes could be freed.
    func check(_ volumes: [String], gain: Int64 = 0) async throws(HostError) {
        guard !volumes.isEmpty else { return }
        let free = try FileSystemSpace.at(PathName.nearestExisting(stackDirectory))
        let wanted = try await needed(for: volumes)
        let minimum = host.configuration.minimumFreeSpace
        if free.free.bytes + gain < wanted.bytes + minimum.bytes {
            throw tooSmall(
                "\(ByteCount(bytes: wanted.bytes).rounded) are needed beside the \(minimum.rounded) that stay free, "
                    + "\(free.free.rounded) are free on the file system of '\(stackDirectory)'")
        }
        if let files = free.freeFiles, wanted.files > 0, files < UInt64(wanted.files) + 10_000 {
            throw tooSmall(
                "it has \(wanted.files) files, and the file system of '\(stackDirectory)' can hold only \(files) more")
        }
    }

    private func tooSmall(_ reason: String) -> HostError {
        let hint = "free some space ('fairlead rollback --list' shows older copies), or enlarge it"
        return switch purpose {
        case .copy:
            HostError(
                "there is no room for the copy of the data that is made before a deployment: \(reason)",
                hint: "\(hint); or \(Self.refusal)", disposition: .transient)
        case .settingAside:
            HostError(
                "there is no room to set the data of now aside: \(reason)", hint: hint, disposition: .transient)
        }
    }

    /// Nothing where the blocks can be shared.
    private func needed(for volumes: [String]) async throws(HostError) -> (bytes: Int64, files: Int64) {
        var paths = volumes.map { "\(stackDirectory)/\($0)" }
        let own = try FileStatus.at(stackDirectory).device
        if await sharesBlocks() {
            var elsewhere: [String] = []
            for path in paths where try FileStatus.at(path).device != own { elsewhere.append(path) }
            paths = elsewhere
        }
        guard !paths.isEmpty else { return (0, 0) }
        return (await sum(["--block-size=1"], paths), await sum(["--inodes"], paths))
    }

    /// 0 when that cannot be told: the copy is watched as well.
    func sum(_ options: [String], _ paths: [String]) async -> Int64 {
        guard let program = try? host.command("du") else { return 0 }
        let arguments = ["--summarize", "--total", "--one-file-system"] + options + ["--"] + paths
        // A file that vanishes meanwhile is told by its exit status.
        let result = try? await Command(program, arguments, deadline: .seconds(3600)).runToEnd()
        let total = result?.text.split(separator: "\n").last?.split(separator: "\t").first
        return total.flatMap { Int64($0) } ?? 0
    }

    /// Whether a file can be copied without copying its blocks.
    private func sharesBlocks() async -> Bool {
        let probe = "\(stackDirectory)/\(SnapshotPlace.directoryName)/.probe"
        defer { for file in [probe, "\(probe).copy"] { unlink(file) } }
        guard let program = try? host.command("cp"), (try? AtomicFile.write(Array("probe".utf8), to: probe)) != nil
        else { return false }
        return (try? await Command(program, ["--reflink=always", "--", probe, "\(probe).copy"]).run()) != nil
    }
}
