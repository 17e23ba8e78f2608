public import Files

extension BackupStore {
    /// Removes the file or the directory at `path` with all below; nothing where nothing is.
    public func remove(_ path: String) async throws(HostError) {
        guard let entry = try await entry(at: path) else { return }
        let verb = entry.isDirectory ? "purge" : "deletefile"
        _ = try await rclone([verb, remotePath(path)], to: "remove '\(path)'", deadline: .seconds(1800))
        try await sync(path)
    }
}
