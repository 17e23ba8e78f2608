internal import Files
internal import Glibc
internal import HostSystem
internal import Model

extension BackupStore {
    /// A directory that is not really mounted is the host's own disk: what is written there is no backup.
    func requireMount() async throws(HostError) {
        guard case .directory(let path, let isLocal) = target.store else { return }
        if let mount = target.mount {
            try await TargetMount(of: name, mount, secrets: secrets, configuration: configuration).establish()
        }
        let directory = ForeignDirectory(path: path, target: name)
        let own = [configuration.dataRoot, configuration.stateDirectory]
        try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in try directory.check(own: own) }
        guard target.mount == nil else { return }
        guard !isLocal else {
            let places = LocalPlaces(stateDirectory: configuration.stateDirectory)
            return try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in
                try places.check(path, of: name)
            }
        }
        try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in
            guard let own = try ownFileSystem(of: path) else { return }
            throw HostError(
                "'\(path)' of backup target '\(name)' is not mounted: it lies on the file system of '\(own)'",
                hint: "mount the share or disk there ('findmnt'), or write \"local\": true if this is meant",
                disposition: .transient)
        }
    }

    /// Before something is written: rclone itself may not write beside what is there.
    func createDirectory() async throws(HostError) {
        guard let directory else { return }
        let foreign = ForeignDirectory(path: directory, target: name)
        try await BlockingWork.run("create '\(directory)'") { () throws(HostError) in try foreign.create() }
    }

    /// What rclone wrote to the host's own disk when the share went in the middle of an upload: the share would hide it as
    /// soon as it is back, and nobody would find what fills the disk.
    func removeStrayUploads() async throws(HostError) {
        guard case .directory(let path, local: false) = target.store else { return }
        let directory = ForeignDirectory(path: path, target: name)
        let ours = [configuration.dataRoot, configuration.stateDirectory]
        try await BlockingWork.run("remove uploads from '\(path)'", deadline: .seconds(600)) { () throws(HostError) in
            try directory.check(own: ours)
            guard let own = try ownFileSystem(of: path) else { return }
            _ = try Self.removeUploads(in: path, on: try Self.device(of: own), depth: 0)
        }
    }

    /// `STACK/HOST/RUN/.NAME.partial`, and the directories that are empty then; whether there was one.
    private static func removeUploads(
        in directory: String, on device: UInt64, depth: Int
    ) throws(HostError) -> Bool {
        var found = false
        for name in try DirectoryContent.names(in: directory) {
            let path = "\(directory)/\(name)"
            let status = try FileStatus.at(path)
            if status.kind == .file, isTemporary(name) {
                try AtomicFile.remove(path)
                found = true
            } else if status.kind == .directory, depth < 3, status.device == device,
                try removeUploads(in: path, on: device, depth: depth + 1)
            {
                // Not one that holds something else.
                _ = rmdir(path)
                found = true
            }
        }
        return found
    }

    /// Of the host itself, on which a directory lies that should be mounted; `nil` when it is.
    private func ownFileSystem(of path: String) throws(HostError) -> String? {
        let device = try Self.device(of: path)
        for own in ["/", configuration.dataRoot] where try Self.device(of: own) == device { return own }
        return nil
    }

    /// Of the closest directory above that exists. It is opened: to look at it would not mount what is mounted on demand.
    private static func device(of path: String) throws(HostError) -> UInt64 {
        let directory = try Descriptor(PathName.nearestExisting(path), O_RDONLY | O_DIRECTORY)
        return UInt64(try directory.status().st_dev)
    }
}
