package import Files

/// Whether a data directory is a disk of its own.
package enum OwnDisk {
    /// Such a directory can be neither renamed nor replaced.
    package static func isMounted(_ directory: String) throws(HostError) -> Bool {
        let status = try FileStatus.at(directory)
        guard status.kind == .directory else { return false }
        if try FileStatus.at(PathName.directory(of: directory)).device != status.device { return true }
        // One that is bound from the same disk has the device of what is around it.
        return try MountPoint.isMounted(RealPath.of(directory))
    }
}
