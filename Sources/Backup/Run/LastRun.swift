internal import Files
internal import Glibc
internal import Model

/// The newest name of a run that this host has used: `STATE/backup/last-run`.
struct LastRun: Sendable {
    private let path: String

    init(stateDirectory: String) { path = "\(stateDirectory)/backup/last-run" }

    /// `nil` before its first run.
    func read() throws(HostError) -> BackupRunID? {
        guard try FileStatus.at(path).kind == .file else { return nil }
        let bytes = try Descriptor(path, O_RDONLY).read(limit: 64)
        return BackupRunID(String(decoding: bytes, as: UTF8.self))
    }

    func write(_ run: BackupRunID) throws(HostError) {
        try AtomicFile.write(Array(run.description.utf8), to: path)
    }
}
