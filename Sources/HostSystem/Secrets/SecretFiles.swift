internal import Crypto
internal import Files
internal import Glibc
internal import Model

/// Secrets that containers mount as files: `DIRECTORY/CONTAINER/NAME`, in memory.
struct SecretFiles: Sendable {
    struct File: Sendable {
        let name: String
        let target: String
        let value: [UInt8]
        let owner: FileOwner
        let mode: FileMode
    }

    let directory: String

    /// What `container` mounts; `ids` are those that it has on the host, where they are not the host's.
    static func files(
        of container: ContainerPlan, named name: String, secrets: Secrets, ids: IDRange?
    ) throws(HostError) -> [File] {
        guard PathName.isPlainName(name) else { throw HostError("'\(name)' is not a name of a container") }
        var files: [File] = []
        for plan in container.secretFiles {
            guard let value = secrets[plan.secret] else {
                throw HostError(
                    "container '\(name)' mounts the secret '\(plan.secret)', which does not exist",
                    hint: "add it to the secrets, or correct its name in the plan")
            }
            files.append(
                File(
                    name: fileName(of: plan), target: plan.target, value: Array(value.utf8),
                    owner: try owner(of: plan, ids), mode: plan.mode ?? FileMode(bits: 0o400)))
        }
        return files
    }

    /// On the host: before Linux 6.3 what lies in memory can be mounted with the host's ids only.
    private static func owner(of plan: SecretFilePlan, _ ids: IDRange?) throws(HostError) -> FileOwner {
        let owner = plan.owner ?? FileOwner(user: 0, group: 0)
        guard let ids else { return owner }
        guard let outside = ids.outside(owner) else {
            throw HostError(
                "the secret '\(plan.secret)' shall belong to '\(owner)', who does not exist in a user namespace",
                hint: "write an 'owner' of at most \(IDRange.count - 1), or leave 'userns' out of the plan")
        }
        return outside
    }

    /// By target: one secret can be mounted twice, with different owners.
    private static func fileName(of plan: SecretFilePlan) -> String {
        let digest = SHA256.hash(data: Array(plan.target.utf8)).prefix(4).map { String($0, radix: 16) }.joined()
        return PathName.isPlainName(plan.secret) ? "\(plan.secret)-\(digest)" : digest
    }

    /// Brings the directory to `wanted`; returns the host path by container and target.
    func write(_ wanted: [String: [File]]) throws(HostError) -> [String: [String: String]] {
        try PathName.createDirectories(directory)
        try DirectoryContent.remove(in: directory, except: Set(wanted.filter { !$0.value.isEmpty }.keys))
        var paths: [String: [String: String]] = [:]
        for (container, files) in wanted where !files.isEmpty {
            let place = "\(directory)/\(container)"
            try PathName.createDirectories(place)
            try DirectoryContent.remove(in: place, except: Set(files.map(\.name)))
            for file in files {
                let path = "\(place)/\(file.name)"
                try write(file, to: path)
                paths[container, default: [:]][file.target] = path
            }
        }
        return paths
    }

    /// One that is as it should be stays: a running container has that very file mounted.
    private func write(_ file: File, to path: String) throws(HostError) {
        if let present = try? Descriptor(path, O_RDONLY | O_NOFOLLOW), let status = try? present.status(),
            status.st_uid == file.owner.user, status.st_gid == file.owner.group,
            status.st_mode & 0o7777 == file.mode.bits, (try? present.read(limit: file.value.count)) == file.value
        {
            return
        }
        try AtomicFile.write(file.value, to: path, mode: file.mode, owner: file.owner)
    }
}
