public import Files
internal import HostSystem
public import Model

extension Backups {
    /// What came of a release's files at one target.
    public struct ReleaseDelivery: Sendable {
        public let target: String
        public let version: String
        /// How many it has now; none where the vendor has none.
        public internal(set) var files = 0
        public internal(set) var failure: HostError?
        /// Objects that are not locked as long as the plan wants, in words.
        public internal(set) var unlocked: [String] = []
    }

    /// Copies the files of the plan's version from the vendor's storage to `STACK/releases/VERSION/files` of the targets
    /// `names`, and checks there that they are what the vendor signed. Nothing without a vendor.
    public func deliverRelease(
        of plan: ResolvedPlan, to names: Set<String>, secrets: Secrets
    ) async -> [ReleaseDelivery] {
        guard let backup = plan.backup, let vendor = backup.vendor else { return [] }
        let targets = backup.targets.filter { names.contains($0.key) }.sorted { $0.key < $1.key }
        var deliveries: [ReleaseDelivery] = []
        do throws(HostError) {
            let release = try VendorRelease(
                plan.version, signers: vendor.signers, commandPath: host.configuration.commandPath)
            let source = try await BackupStore(
                name: "vendor", target: vendor.target, secrets: secrets, configuration: host.configuration)
            let sums = try await signedSums(release, source)
            for (name, target) in targets {
                var delivery = ReleaseDelivery(target: name, version: plan.version)
                do throws(HostError) {
                    let store = try await BackupStore(
                        name: name, target: target, secrets: secrets, configuration: host.configuration)
                    if let sums {
                        delivery.unlocked = try await copy(sums, release, source, to: store, of: plan, target.lock)
                        delivery.files = sums.files.count
                    }
                } catch {
                    delivery.failure = error
                }
                deliveries.append(delivery)
            }
        } catch {
            return targets.map { name, _ in
                ReleaseDelivery(target: name, version: plan.version, failure: error)
            }
        }
        return deliveries
    }

    /// `nil` where the vendor has no files for this version.
    private func signedSums(_ release: VendorRelease, _ source: BackupStore) async throws(HostError) -> ReleaseSums? {
        let path = release.path("files")
        let entries = try await source.entries(in: path, recursively: true).filter { !$0.isDirectory }
        guard !entries.isEmpty else {
            try await source.requireReleases()
            return nil
        }
        let sums: ReleaseSums
        switch try await release.signedSums(in: source, at: path) {
        case .valid(let signed): sums = signed.sums
        case .missing: throw refused("there is no '\(ReleaseSums.fileName)'", release)
        case .invalid(let reason): throw refused(reason, release)
        }
        let found = Set(entries.map(\.path)).subtracting([ReleaseSums.fileName, ReleaseSums.signatureName])
        if let name = found.symmetricDifference(sums.files.keys).min() {
            throw refused(found.contains(name) ? "'\(name)' is not signed" : "'\(name)' is missing", release)
        }
        return sums
    }

    private func refused(_ reason: String, _ release: VendorRelease) -> HostError {
        HostError(
            "the vendor's files of version \(release.version) cannot be used: \(reason)",
            hint: "ask the vendor, or correct 'backup.vendor'")
    }

    /// Returns what is not locked.
    private func copy(
        _ sums: ReleaseSums, _ release: VendorRelease, _ source: BackupStore, to store: BackupStore,
        of plan: ResolvedPlan, _ lock: PlanDuration?
    ) async throws(HostError) -> [String] {
        let path = "\(plan.stack)/\(release.path("files"))"
        try await store.copy(from: source, release.path("files"), as: path)
        try await store.checkSums(sums.lines, of: path)
        let names = sums.files.keys.sorted() + [ReleaseSums.fileName, ReleaseSums.signatureName]
        return try await store.unlocked(names.map { "\(path)/\($0)" }, for: lock)
    }
}

extension BackupStore {
    /// Reads what lies at `path` and compares it with `sums`, lines as `sha256sum` writes them.
    func checkSums(_ sums: String, of path: String) async throws(HostError) {
        try await requireMount()
        let scratch = try TemporaryDirectory()
        let file = "\(scratch.path)/\(ReleaseSums.fileName)"
        try AtomicFile.write(Array(sums.utf8), to: file)
        let bytes = try await entries(in: path, recursively: true).reduce(0) { $0 + $1.bytes }
        try await transfer(
            ["checksum", "sha256", "--one-way", "--download", file, remotePath(path)], files: [file],
            to: "check '\(path)'",
            deadline: deadline(for: bytes), stall: stallLimit(whileBuffering: true))
    }
}
