internal import Files
internal import HostSystem
internal import Model

/// Finds a storage that has the files of a release, and brings them from there.
struct ReleaseSupply: Sendable {
    let host: HostSystem
    let kept: KeptRelease
    let release: VendorRelease
    /// What containers mount.
    let paths: Set<String>
    let secrets: Secrets
    let note: @Sendable (String) -> Void

    private struct Source {
        let name: String
        let target: BackupTarget
        let path: String
        let isVendors: Bool
    }

    /// The customer's storage first: from then on the customer needs no vendor.
    func bring(
        from targets: [String: BackupTarget], of stack: String, orFrom vendor: BackupTarget
    ) async throws(HostError) {
        let path = release.path("files")
        let copies = targets.sorted { $0.key < $1.key }.map { name, target in
            Source(name: name, target: target, path: "\(stack)/\(path)", isVendors: false)
        }
        var failures: [(source: String, error: HostError)] = []
        for source in copies + [Source(name: "vendor", target: vendor, path: path, isVendors: true)] {
            guard let failure = try await bring(from: source) else { return }
            let shown = source.isVendors ? "the vendor's storage" : "'\(source.name)'"
            failures.append((shown, failure))
            // What the customer's own storage never had is no news.
            if !source.isVendors, failure != Self.noCopy {
                note("release files of \(shown) are not used: \(failure.message)")
            }
        }
        throw error(of: failures.filter { $0.error != Self.noCopy })
    }

    private static let noCopy = HostError("no copy of the release lies there")

    /// Returns why that source cannot be used.
    private func bring(from source: Source) async throws(HostError) -> HostError? {
        let fetch: ReleaseFetch
        let names: [String]
        do throws(HostError) {
            let store = try await BackupStore(
                name: source.name, target: source.target, secrets: secrets, configuration: host.configuration)
            guard let signed = try await signedSums(store, source) else { return Self.noCopy }
            names = await kept.damaged(try signed.sums.files(at: paths), signed.sums)
            fetch = ReleaseFetch(host: host, kept: kept, store: store, path: source.path, signed: signed)
        } catch {
            guard !error.isInterruption, !Task.isCancelled else { throw error }
            return error
        }
        switch try await fetch.bring(names) {
        case .unusable(let error): return error
        case .done(let files, let bytes):
            let from = source.isVendors ? "the vendor" : "'\(source.name)'"
            note("release \(release.version): fetched \(Self.words(files, bytes)) from \(from)")
            return nil
        }
    }

    private static func words(_ files: Int, _ bytes: Int64) -> String {
        guard files > 0 else { return "its signed list" }
        return (files == 1 ? "1 file" : "\(files) files") + " (\(ByteCount(bytes: bytes).rounded))"
    }

    /// `nil` where the customer's storage has none.
    private func signedSums(_ store: BackupStore, _ source: Source) async throws(HostError) -> SignedSums? {
        switch try await release.signedSums(in: store, at: source.path) {
        case .valid(let signed): return signed
        case .invalid(let reason): throw HostError(reason, hint: "ask the vendor, or correct 'backup.vendor'")
        case .missing:
            guard source.isVendors else { return nil }
            try await store.requireReleases()
            throw HostError(
                "it has no signed files of version \(release.version)",
                hint: "ask the vendor, correct 'version', or remove the volumes with 'release'")
        }
    }

    private func error(of failures: [(source: String, error: HostError)]) -> HostError {
        let reasons = failures.map { "\($0.source): \($0.error.message)" }.joined(separator: "; ")
        let passing = failures.first { $0.error.mayPass }
        return HostError(
            "the vendor's files of version \(release.version), which containers mount, cannot be fetched: \(reasons)",
            hint: (passing ?? failures.last)?.error.hint ?? "",
            disposition: passing == nil ? .permanent : .transient)
    }
}
