internal import Files
internal import Glibc
internal import Model
internal import Processes

/// Makes the keys of this host. A private half is put in its place last: where it is, all is.
struct KeyMaker: Sendable {
    let places: SetupPlaces
    /// For the comment of the key.
    let host: String

    var hasSSHKey: Bool { Self.hasContent(places.sshKey) }
    var hasAgeIdentity: Bool { Self.hasContent(places.ageIdentity) }

    func makeSSHKey() async throws(HostError) {
        // What a run that was killed left: ssh-keygen would ask whether to overwrite it.
        let new = "\(places.sshKey).new"
        for path in [new, "\(new).pub"] { try AtomicFile.remove(path) }
        try await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "fairlead@\(host)", "-f", new])
        try place("\(new).pub", as: "\(places.sshKey).pub", mode: FileMode(bits: 0o644))
        try place(new, as: places.sshKey, mode: FileMode(bits: 0o600))
    }

    func makeAgeIdentity() async throws(HostError) {
        let new = "\(places.ageIdentity).new"
        try AtomicFile.remove(new)
        try await run("age-keygen", ["--output", new])
        try place(new, as: places.ageIdentity, mode: FileMode(bits: 0o600))
    }

    private func place(_ new: String, as path: String, mode: FileMode) throws(HostError) {
        try AtomicFile.write(try Descriptor(new, O_RDONLY).read(limit: 1 << 16), to: path, mode: mode)
        try AtomicFile.remove(new)
    }

    private func run(_ name: String, _ arguments: [String]) async throws(HostError) {
        guard let program = Command.find(name) else { throw HostError.notInstalled(name) }
        do {
            _ = try await Command(program, arguments).run()
        } catch {
            throw HostError("cannot make a key: \(error)", hint: "see that there is room in '\(places.directory)'")
        }
    }

    private static func hasContent(_ path: String) -> Bool {
        guard let status = try? FileStatus.at(path, followingLinks: true) else { return false }
        return status.kind == .file && status.size > 0
    }
}
