internal import Files
internal import Glibc
internal import Model

/// What lies in a directory survives a power cut only when it was synced; rclone does not.
extension BackupStore {
    /// The file of a directory target.
    func syncFile(_ path: String) async throws(HostError) {
        guard case .directory = target.store else { return }
        let file = "\(target.basePath)/\(path)"
        try await BlockingWork.run("sync '\(file)'", deadline: .seconds(600)) { () throws(HostError) in
            try Descriptor(file, O_RDONLY).sync()
        }
    }

    /// The directories that lead to `path` of a directory target, as far as they exist.
    func sync(_ path: String) async throws(HostError) {
        guard case .directory = target.store else { return }
        let base = target.basePath
        try await BlockingWork.run("sync '\(base)'", deadline: .seconds(600)) { () throws(HostError) in
            var directory = PathName.nearestExisting(PathName.directory(of: "\(base)/\(path)"))
            while directory.hasPrefix(base) {
                try Descriptor(directory, O_RDONLY | O_DIRECTORY).sync()
                directory = PathName.directory(of: directory)
            }
        }
    }
}
