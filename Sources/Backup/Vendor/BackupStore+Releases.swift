internal import Files
internal import Model

extension BackupStore {
    /// Throws unless this is a vendor's storage, with a release at the least. One that has gone, is not mounted or is looked
    /// for in a wrong place seems to have nothing, and would be taken for one that lacks a version.
    func requireReleases() async throws(HostError) {
        if case .directory(let path, _) = target.store {
            let kind = try await BlockingWork.run("look at '\(path)'") { () throws(HostError) in
                try FileStatus.at(path, followingLinks: true).kind
            }
            guard kind == .directory else {
                throw noVendor("'\(path)' is \(kind == .missing ? "not there" : "no directory")")
            }
        }
        guard try await entries(in: "releases").contains(where: \.isDirectory) else {
            throw noVendor("no release lies there, in 'releases/'")
        }
    }

    private func noVendor(_ reason: String) -> HostError {
        HostError(
            "it is no vendor's storage now: \(reason)",
            hint: "mount what it lies on, or correct 'backup.vendor'; it is tried again", disposition: .transient)
    }
}
