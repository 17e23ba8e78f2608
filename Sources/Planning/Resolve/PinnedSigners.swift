internal import Model

/// Whose key each of `backup.signers` is, as far as the `hostKey` of the hosts in the repo tells: a host signs its backups
/// with the key that it is known by.
struct PinnedSigners {
    private let repository: RepositoryIndex

    init(_ repository: RepositoryIndex) { self.repository = repository }

    /// `lines` with the name of its host before each that has none and is pinned by one host. Throws what the repository
    /// throws; an entry that cannot be read pins nothing.
    func naming(_ lines: [String]) throws -> [String] {
        guard lines.contains(where: { BackupSigner($0)?.host == nil }) else { return lines }
        let hosts = try hostsByKey()
        return lines.map { line in
            guard let signer = BackupSigner(line), signer.host == nil, let found = hosts[signer.key], found.count == 1,
                let host = found.first, BackupSigner("\(host) \(line)")?.host == host
            else { return line }
            return "\(host) \(line)"
        }
    }

    private func hostsByKey() throws -> [String: Set<String>] {
        var hosts: [String: Set<String>] = [:]
        for host in repository.hosts {
            let file = HostKeyPin.file(of: host)
            guard repository[file]?.isForeign == false, let bytes = try repository.content(of: file),
                let pinned = (try? JSONDocument(file: file, bytes: bytes))?.value[HostKeyPin.key]
            else { continue }
            for key in (pinned.array ?? [pinned]).compactMap(\.string).compactMap(BackupSigner.init) {
                hosts[key.key, default: []].insert(host)
            }
        }
        return hosts
    }
}
