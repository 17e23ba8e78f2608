internal import Glibc
internal import Planning

extension BackupStore {
    /// A directory that is not really mounted is the host's own disk: what is written there is no backup.
    func requireMount() async throws(HostError) {
        guard case .directory(let path, local: false) = target.store else { return }
        try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in
            let device = try Self.device(of: path)
            for own in ["/", configuration.dataRoot] where try Self.device(of: own) == device {
                throw HostError(
                    "'\(path)' of backup target '\(name)' is not mounted: it lies on the file system of '\(own)'",
                    hint: "mount the share or disk there ('findmnt'), or write \"local\": true if this is meant",
                    disposition: .transient)
            }
        }
    }

    /// Of the closest directory above that exists. It is opened: to look at it would not mount what is mounted on demand.
    private static func device(of path: String) throws(HostError) -> UInt64 {
        let directory = try Descriptor(PathName.nearestExisting(path), O_RDONLY | O_DIRECTORY)
        return UInt64(try directory.status().st_dev)
    }
}
