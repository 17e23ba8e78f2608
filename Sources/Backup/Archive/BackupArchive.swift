internal import Files
internal import HostSystem
internal import Model

/// The runs of one stack in one storage, of every host that ever made one.
struct BackupArchive: Sendable {
    let store: BackupStore
    let signature: RunSignature
    private(set) var stack: String

    /// `stack`: where it is not that of `plan`.
    init(store: BackupStore, of plan: ResolvedPlan, stack: String? = nil, on host: HostSystem) {
        self.store = store
        self.stack = stack ?? plan.stack
        let lastRun = LastRun(stateDirectory: host.configuration.stateDirectory)
        signature = RunSignature(
            identity: BackupIdentity(host.configuration), signers: BackupSigners(plan.backup?.signers ?? []),
            host: plan.host, lastRun: try? lastRun.read())
    }

    /// The same storage, for the name `stack`.
    func named(_ stack: String) -> Self {
        var other = self
        other.stack = stack
        return other
    }

    struct Place: Hashable, Sendable {
        let host: String
        let run: BackupRunID
    }

    /// Newest first. What has a name that no run of ours can have is none.
    func places() async throws(HostError) -> [Place] {
        var places: [Place] = []
        for host in try await store.entries(in: stack) where host.isDirectory && EntryName(host.path) != nil {
            places += try await self.places(of: host.path)
        }
        return places.sorted { ($0.run, $0.host) > ($1.run, $1.host) }
    }

    /// The same of one host.
    func places(of host: String) async throws(HostError) -> [Place] {
        try await store.entries(in: "\(stack)/\(host)").filter(\.isDirectory)
            .compactMap { BackupRunID($0.path) }.sorted(by: >).map { Place(host: host, run: $0) }
    }

    /// All that there is of the stack. One question, however many directories others have beside ours: each one more costs half
    /// a second.
    func listing() async throws(HostError) -> [StoredEntry] {
        try await store.entries(in: stack, recursively: true)
    }

    /// As ``places()``, of a listing. Of a run whose first part is on its way only the directory is there; where files are
    /// objects, there are no directories.
    static func places(in listing: [StoredEntry]) -> [Place] {
        let all = listing.compactMap { entry -> Place? in
            let parts = entry.path.pathParts
            guard parts.count > (entry.isDirectory ? 1 : 2), EntryName(parts[0]) != nil else { return nil }
            return BackupRunID(parts[1]).map { Place(host: parts[0], run: $0) }
        }
        return Set(all).sorted { ($0.run, $0.host) > ($1.run, $1.host) }
    }

    func path(of place: Place) -> String { "\(stack)/\(place.host)/\(place.run)" }

    /// What is known of a run without reading its data.
    enum Finding: Sendable {
        case valid(BackupManifest, digest: SHA256Sum)
        /// It is still being uploaded, or its upload was given up.
        case unfinished
        /// It is no backup of ours, with the reason.
        case invalid(String)
    }

    /// `listed`: bytes of its files by name, where they are known: what is not there need not be asked for.
    func finding(at place: Place, listed: [String: Int64]? = nil) async throws(HostError) -> Finding {
        if let listed {
            guard let size = listed[BackupManifest.fileName] else { return .unfinished }
            guard size <= Self.mostManifest else { return Self.tooLarge(manifest: size) }
            guard listed[BackupManifest.signatureName] != nil else { return .invalid(Self.unsigned) }
        }
        let path = path(of: place)
        let bytes: [UInt8]
        switch try await store.file(at: "\(path)/\(BackupManifest.fileName)", limit: Int(Self.mostManifest)) {
        case .missing: return .unfinished
        case .tooLarge(let size): return Self.tooLarge(manifest: size)
        case .content(let content): bytes = content
        }
        switch try await store.file(at: "\(path)/\(BackupManifest.signatureName)", limit: 1 << 16) {
        case .missing: return .invalid(Self.unsigned)
        case .tooLarge(let size): return .invalid("its signature has \(size) bytes, more than one can have")
        case .content(let signature):
            let problem = try await self.signature.problem(with: bytes, signature, of: place.run, owner: place.host)
            return problem.map(Finding.invalid) ?? finding(of: bytes, at: place)
        }
    }

    private static let unsigned = "it is not signed"
    /// In bytes.
    private static let mostManifest: Int64 = 16 << 20

    private static func tooLarge(manifest size: Int64) -> Finding {
        .invalid("its manifest has \(size) bytes, more than one can have")
    }

    /// Of what is signed by whoever may speak for the host.
    private func finding(of bytes: [UInt8], at place: Place) -> Finding {
        do throws(HostError) {
            let manifest = try BackupManifest.decoded(bytes)
            // A signed manifest that was copied elsewhere would make old data look new.
            guard manifest.run == place.run, manifest.host.description == place.host,
                manifest.stack.description == stack
            else {
                return .invalid(
                    "its manifest is that of run \(manifest.run) of '\(manifest.host)', stack '\(manifest.stack)'")
            }
            return .valid(manifest, digest: try FileDigest.sha256(of: bytes))
        } catch {
            return .invalid(error.message)
        }
    }
}
