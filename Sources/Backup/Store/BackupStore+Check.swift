public import Files
internal import Glibc
internal import Model

extension BackupStore {
    /// Whether the store can be reached and read; a directory is really mounted, and exists or can be made.
    public func check() async throws(HostError) {
        if case .directory(let path, _) = target.store { try await checkDirectory(path) }
        // Of an upload that was killed; that nothing is mounted is told below.
        try? await removeStrayUploads()
        _ = try await entries()
    }

    private func checkDirectory(_ path: String) async throws(HostError) {
        try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in
            let existing = PathName.nearestExisting(path)
            guard try FileStatus.at(existing, followingLinks: true).kind == .directory else {
                throw HostError("'\(existing)' is no directory", hint: "correct 'directory' of backup target '\(name)'")
            }
            guard access(existing, W_OK | X_OK) == 0 else {
                throw HostError.failed("write to '\(existing)' of backup target '\(name)'")
            }
        }
    }
}
