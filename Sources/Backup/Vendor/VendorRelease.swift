internal import Files
internal import HostSystem
internal import Model

/// One version of the vendor's software as it lies in the vendor's storage, or as a copy in the customer's.
struct VendorRelease: Sendable {
    /// Of what the vendor signs: such a signature is good for nothing else.
    static let namespace = "fairlead-release"

    let version: String
    /// Public keys of the vendor.
    let signers: [String]
    let commandPath: String

    init(_ version: String, signers: [String], commandPath: String) throws(HostError) {
        guard PathName.isPlainName(version) else {
            throw HostError(
                "version '\(version)' is no name of a directory in the vendor's storage",
                hint: "use letters, digits, '.', '_' and '-' in 'version'")
        }
        (self.version, self.signers, self.commandPath) = (version, signers, commandPath)
    }

    /// Of its `part`, `vanilla` or `files`.
    func path(_ part: String) -> String { "releases/\(version)/\(part)" }

    /// A vanilla backup whose manifest is the vendor's.
    struct Vanilla: Sendable {
        let store: BackupStore
        let path: String
        let manifest: VanillaManifest
        /// Bytes by name.
        let files: [String: Int64]

        func parts(shown: String) -> StoredParts {
            StoredParts(
                store: store, directory: .init(path: path, files: files), shown: shown,
                source: .vanilla(version: manifest.version, target: store.name))
        }

        /// Its copy may have been cut off.
        var isWhole: Bool {
            let parts = parts(shown: "")
            return manifest.volumes.values.allSatisfy { parts.missingPart(of: $0) == nil }
        }
    }

    enum Finding: Sendable {
        case valid(Vanilla)
        case missing
        /// With the reason.
        case invalid(String)
    }

    func vanilla(in store: BackupStore, at path: String) async throws(HostError) -> Finding {
        let files = try await store.entries(in: path).filter { !$0.isDirectory }
        guard !files.isEmpty else { return .missing }
        // One that is still being brought there, or lost a file, is not none.
        guard files.contains(where: { $0.name == BackupManifest.fileName }),
            let bytes = try await store.content(of: "\(path)/\(BackupManifest.fileName)", limit: 16 << 20)
        else { return .invalid("there is no '\(BackupManifest.fileName)'") }
        if let reason = try await problem(with: bytes, signedBy: "\(path)/\(BackupManifest.signatureName)", store) {
            return .invalid(reason)
        }
        do {
            let manifest = try VanillaManifest.decoded(bytes)
            // One that was copied elsewhere would bring another version's data.
            guard manifest.version == version else {
                return .invalid("its manifest is that of version '\(manifest.version)'")
            }
            let sizes = files.map { ($0.name, $0.bytes) }
            return .valid(
                Vanilla(
                    store: store, path: path, manifest: manifest,
                    files: Dictionary(sizes, uniquingKeysWith: { first, _ in first })))
        } catch {
            return .invalid(error.message)
        }
    }

    /// Why `bytes` are not the vendor's, in words.
    func problem(
        with bytes: [UInt8], signedBy signaturePath: String, _ store: BackupStore
    ) async throws(HostError) -> String? {
        try await problem(with: bytes, signature: try await store.content(of: signaturePath, limit: 1 << 16))
    }

    func problem(with bytes: [UInt8], signature: [UInt8]?) async throws(HostError) -> String? {
        guard let signature else { return "it is not signed" }
        let isValid = try await SSHSignature.isValid(
            signature, of: bytes, by: signers, namespace: Self.namespace, commandPath: commandPath)
        return isValid ? nil : "its signature is of none of the vendor's 'signers'"
    }
}
