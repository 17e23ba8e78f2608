internal import Files
internal import FoundationEssentials
internal import HostSystem
internal import Model

/// Which runs a host has removed from a storage, signed by it: `STACK/HOST/pruned.json`. What else is gone, somebody took.
struct PrunedRuns: Codable, Hashable, Sendable {
    static let fileName = "pruned.json"
    /// Older ones are named by no run that is still there.
    private static let longest = 5000

    let stack: EntryName
    let host: EntryName
    let runs: [BackupRunID]

    init?(_ runs: Set<BackupRunID>, stack: String, host: String) {
        guard let stack = EntryName(stack), let host = EntryName(host) else { return nil }
        (self.stack, self.host) = (stack, host)
        self.runs = Array(runs.sorted().suffix(Self.longest))
    }

    /// `nil` when `bytes` are none.
    init?(_ bytes: [UInt8]) {
        guard let record = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = record
    }
}

extension BackupArchive {
    private func path(ofPrunedBy host: String) -> String { "\(stack)/\(host)/\(PrunedRuns.fileName)" }

    /// The runs that `host` says it has removed; none where that is not signed by whoever may speak for it.
    func pruned(by host: String) async throws(HostError) -> Set<BackupRunID> {
        let path = path(ofPrunedBy: host)
        guard case .content(let bytes) = try await store.file(at: path, limit: 1 << 20),
            case .content(let signed) = try await store.file(at: "\(path).sig", limit: 1 << 16),
            try await signature.problem(with: bytes, signed, of: nil, owner: host) == nil,
            let record = PrunedRuns(bytes),
            record.stack.description == stack, record.host.description == host
        else { return [] }
        return Set(record.runs)
    }

    /// Says that `host`, this one, removes `runs`: before it does.
    func recordPruned(_ runs: [BackupRunID], by host: String) async throws(HostError) {
        let known = try await pruned(by: host)
        guard let record = PrunedRuns(known.union(runs), stack: stack, host: host),
            let bytes = try? JSONEncoder().encode(record)
        else { return }
        let scratch = try TemporaryDirectory()
        let file = "\(scratch.path)/\(PrunedRuns.fileName)"
        try AtomicFile.write(Array(bytes), to: file)
        try await signature.identity.sign(file)
        let features = try await store.features()
        for suffix in [".sig", ""] {
            try await store.put(file: file + suffix, as: path(ofPrunedBy: host) + suffix, on: features)
        }
    }
}
