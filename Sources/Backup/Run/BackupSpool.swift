internal import Files
internal import Glibc
internal import Model

/// Where runs lie on this host until every target has them: `STATE/backup/spool/RUN`.
///
/// A run with a manifest and its signature is whole, whatever happened since; one without is the rest of a broken copy.
struct BackupSpool: Sendable {
    let directory: String

    init(stateDirectory: String) { directory = "\(stateDirectory)/backup/spool" }

    func path(of run: BackupRunID) -> String { "\(directory)/\(run)" }

    func create(_ run: BackupRunID) throws(HostError) -> String {
        let path = path(of: run)
        try PathName.createDirectories(path)
        return path
    }

    func remove(_ run: BackupRunID) throws(HostError) { try DirectoryContent.remove(path(of: run)) }

    /// Oldest first.
    func runs() throws(HostError) -> [BackupRunID] {
        try DirectoryContent.names(in: directory).compactMap { BackupRunID($0) }.sorted()
    }

    func isWhole(_ run: BackupRunID) throws(HostError) -> Bool {
        try FileStatus.at("\(path(of: run))/\(BackupManifest.fileName)").kind == .file
    }

    /// Whether a container that was held for it does not go on yet.
    func holdsContainer(_ run: BackupRunID) throws(HostError) -> Bool {
        try FileStatus.at("\(path(of: run))/held").kind != .missing
    }

    /// Targets that have the run, by name.
    func delivered(_ run: BackupRunID) throws(HostError) -> Set<String> {
        Set(try DirectoryContent.names(in: "\(path(of: run))/delivered"))
    }

    func markDelivered(_ run: BackupRunID, to target: String) throws(HostError) {
        let marks = "\(path(of: run))/delivered"
        try PathName.createDirectories(marks)
        _ = try AtomicFile.create([], at: "\(marks)/\(target)")
    }
}
