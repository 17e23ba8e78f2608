internal import Files
internal import Glibc
internal import Model

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
        let parts = try volumes().flatMap(\.parts)
        try await checkOwner(of: there, parts)
        let features = try await store.features()
        let total = ByteCount(bytes: parts.reduce(0) { $0 + $1.bytes }).rounded
        for part in parts where there[part.name.description] != part.bytes {
            let before = sent
            try await store.put(file: "\(directory)/\(part.name)", as: "\(path)/\(part.name)", on: features) { bytes in
                progress("'\(store.name)': \(ByteCount(bytes: before + bytes).rounded) of \(total)")
            }
            sent += part.bytes
        }
        try await checkArrival(of: parts)
        for name in [BackupManifest.signatureName, BackupManifest.fileName] {
            let file = "\(directory)/\(name)"
            let bytes = try FileStatus.at(file).size
            if there[name] == bytes { continue }
            try await store.put(file: file, as: "\(path)/\(name)", on: features)
            sent += bytes
        }
        return sent
    }

    /// The manifest says that all of them are there: a storage may have been emptied, or swapped, while they were sent.
    private func checkArrival(of parts: [BackupPart]) async throws(HostError) {
        let there = Dictionary(
            try await store.entries(in: path).map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        guard let part = parts.first(where: { there[$0.name.description] != $0.bytes }) else { return }
        throw HostError(
            "'\(path)/\(part.name)' has gone from backup target '\(store.name)' while the rest was sent",
            hint: "see who or what removes files there; it is sent again", disposition: .transient)
    }

    /// What the run builds on and the storage has not, in words.
    func missing() async throws(HostError) -> [String] {
        let earlier = try volumes().flatMap(\.earlier)
        guard !earlier.isEmpty else { return [] }
        let host = PathName.directory(of: path)
        let there = Dictionary(
            try await store.entries(in: host, recursively: true).map { ($0.path, $0.bytes) },
            uniquingKeysWith: { first, _ in first })
        return earlier.flatMap { stream in
            stream.parts.filter { there["\(stream.run)/\($0.name)"] != $0.bytes }
                .map { "'\(host)/\(stream.run)/\($0.name)' is missing" }
        }
    }

    /// What is in the storage under the name of this run is what an earlier attempt sent, as objects appear whole: what
    /// differs is of another host with this one's name, a copied machine say, and is not overwritten.
    private func checkOwner(of there: [String: Int64], _ parts: [BackupPart]) async throws(HostError) {
        var isOurs = parts.allSatisfy { (there[$0.name.description] ?? $0.bytes) == $0.bytes }
        if isOurs, there[BackupManifest.fileName] != nil {
            let stored = try await store.content(of: "\(path)/\(BackupManifest.fileName)", limit: 16 << 20)
            isOurs = try stored == content(of: BackupManifest.fileName)
        }
        guard !isOurs else { return }
        throw HostError(
            "'\(path)' on backup target '\(store.name)' is a backup that another host made",
            hint: "two hosts use one name, or somebody writes to the storage: give each host its own file in 'hosts'; "
                + "'\(directory)' is this host's run, remove it when you do not need it")
    }

    /// The objects whose lock, read back, is shorter than the plan wants, or missing.
    func unlocked() async throws(HostError) -> [String] {
        let names = try volumes().flatMap(\.parts).map(\.name.description)
        return try await store.unlocked(
            (names + [BackupManifest.signatureName, BackupManifest.fileName]).map { "\(path)/\($0)" }, for: lock)
    }

    /// Likewise of what the run builds on, which was locked earlier, by `longestLine` at the most.
    func unlockedBase(longestLine: Duration) async throws(HostError) -> [String] {
        let objects = try volumes().flatMap(\.earlier).flatMap { stream in
            stream.parts.map { "\(PathName.directory(of: path))/\(stream.run)/\($0.name)" }
        }
        return try await store.unlocked(
            objects,
            for: lock.map { PlanDuration(milliseconds: $0.milliseconds - Int64(longestLine / .milliseconds(1))) })
    }

    private func volumes() throws(HostError) -> [VolumeArchive] {
        try BackupManifest.decoded(content(of: BackupManifest.fileName)).volumes.sorted { $0.key < $1.key }.map(\.value)
    }

    private func content(of name: String) throws(HostError) -> [UInt8] {
        try Descriptor("\(directory)/\(name)", O_RDONLY).read(limit: 16 << 20)
    }
}
