internal import Planning

extension BackupStore {
    /// Removes the file or the directory at `path` with all below; nothing where nothing is.
    public func remove(_ path: String) async throws(HostError) {
        if try await entry(at: path) != nil {
            _ = try await rclone(["deletefile", remotePath(path)], to: "remove '\(path)'")
        } else {
            _ = try await rclone(["purge", remotePath(path)], to: "remove '\(path)'", deadline: .seconds(1800))
        }
        try await sync(path)
    }
}
