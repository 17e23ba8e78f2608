internal import Glibc
internal import Planning

/// Brings one run from the spool to one storage; what is there already is not sent again.
struct BackupUpload: Sendable {
    let store: BackupStore
    /// The run in the spool.
    let directory: String
    /// The run in the storage.
    let path: String
    /// How long every object has to stay locked.
    let lock: PlanDuration?
    let progress: @Sendable (String) -> Void

    /// The parts first, the manifest last: it says that all of them are there. Returns the bytes that were sent.
    func run() async throws(HostError) -> Int64 {
        let there = Dictionary(
            try await store.entries(in: path).map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var sent: Int64 = 0
        let parts = try parts()
        let total = ByteCount(bytes: parts.reduce(0) { $0 + $1.bytes }).rounded
        for part in parts where there[part.name] != part.bytes {
            let before = sent
            try await store.put(file: "\(directory)/\(part.name)", as: "\(path)/\(part.name)") { bytes in
                progress("'\(store.name)': \(ByteCount(bytes: before + bytes).rounded) of \(total)")
            }
            sent += part.bytes
        }
        for name in [BackupManifest.signatureName, BackupManifest.fileName] {
            let file = "\(directory)/\(name)"
            let bytes = try FileStatus.at(file).size
            if there[name] == bytes { continue }
            try await store.put(file: file, as: "\(path)/\(name)")
            sent += bytes
        }
        return sent
    }

    func unlocked() async throws(HostError) -> [String] { [] }

    private func parts() throws(HostError) -> [BackupPart] {
        let bytes = try Descriptor("\(directory)/\(BackupManifest.fileName)", O_RDONLY).read(limit: 16 << 20)
        return try BackupManifest.decoded(bytes).volumes.sorted { $0.key < $1.key }.flatMap(\.value.parts)
    }
}
