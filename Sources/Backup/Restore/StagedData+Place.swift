internal import Files
internal import Glibc
internal import HostSystem
internal import Model

extension StagedData {
    /// What would fail when the stack is down already.
    func checkPlace() throws(HostError) {
        guard try OwnDisk.isMounted(directory) else { return }
        throw HostError(
            "data directory '\(directory)' is a mount point, which no other directory can take the place of",
            hint: "mount its disk at the data root, or with 'mount --bind' above the directory")
    }

    /// `verb` completes "there is no room to".
    func tooSmall(to verb: String, _ reason: String) -> HostError {
        HostError(
            "there is no room to \(verb) data directory '\(name)': \(reason)",
            hint: "free some space on the file system of '\(stackDirectory)', or enlarge it", disposition: .transient)
    }

    /// Renames the files to their place, which is missing or empty.
    func putInPlace() throws(HostError) {
        // The kernel refuses this for one that is not empty.
        guard rmdir(directory) == 0 || errno == ENOENT else {
            throw HostError.failed("replace the empty data directory '\(directory)' by what belongs there")
        }
        guard rename(files, directory) == 0 else { throw HostError.failed("put '\(directory)' in place") }
        try Descriptor(stackDirectory, O_RDONLY | O_DIRECTORY).sync()
    }

    /// For people: `restored from run 20261121T020000Z of 'vsn1' (3 h old, 50.5 MiB, target 'offsite')`.
    func change(_ verb: String, _ origin: Origin, at now: Timestamp) -> PlanChange {
        let size = ByteCount(bytes: origin.bytes).rounded
        return switch origin.source {
        case .run(let run, let host, let target):
            change("\(verb) from run \(run) of '\(host)' (\(now.age(of: run.moment)) old, \(size), target '\(target)')")
        case .vanilla(let version, let target):
            change("\(verb) from the vendor's vanilla backup of version \(version) (\(size), target '\(target)')")
        case .imported(let path, let moment):
            change("imported from '\(path)' (\(BackupRunID(at: moment)), \(size))")
        }
    }

    func change(_ text: String) -> PlanChange {
        PlanChange(subject: "data directory '\(name)'", kind: .changed, text: text)
    }
}
