internal import Glibc
internal import Planning

extension DataDirectories {
    func path(of name: String) -> String { "\(stackDirectory)/\(name)" }

    /// What lies in data directory `name`, beside what is known of it.
    func finding(on name: String, known: DataMark?, mayBeEmpty: Bool = false) throws(HostError) -> DataFinding {
        DataFinding(
            condition: try DataRestore.condition(of: path(of: name)), found: try mark(of: name), known: known,
            mayBeEmpty: mayBeEmpty)
    }

    /// What data directory `name` is now; `nil` where there is none.
    func mark(of name: String) throws(HostError) -> DataMark? {
        let path = path(of: name)
        guard try FileStatus.at(path).kind == .directory else { return nil }
        let directory = try Descriptor(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var status = statx()
        let wanted = UInt32(STATX_INO) | UInt32(STATX_BTIME) | UInt32(STATX_MNT_ID)
        guard statx(directory.number, "", AT_EMPTY_PATH, wanted, &status) == 0 else {
            throw HostError.failed("look at '\(path)'")
        }
        let isMade = status.stx_mask & UInt32(STATX_BTIME) != 0
        return DataMark(
            fileSystem: try FileSystemLook.mark(of: directory, mount: UInt64(status.stx_mnt_id)),
            inode: UInt64(status.stx_ino),
            made: isMade ? Int64(status.stx_btime.tv_sec) * 1_000_000_000 + Int64(status.stx_btime.tv_nsec) : nil,
            // What a new disk holds is nobody's data.
            held: try !DirectoryContent.isEmpty(directory, but: ["lost+found"]))
    }
}
