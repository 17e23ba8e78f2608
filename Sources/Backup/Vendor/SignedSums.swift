internal import Files

/// The list of a release's files with the vendor's signature, as it lies in a storage or on this host.
struct SignedSums: Sendable {
    let sums: ReleaseSums
    let bytes: [UInt8]
    let signature: [UInt8]

    enum Finding: Sendable {
        case valid(SignedSums)
        case missing
        /// With the reason.
        case invalid(String)
    }
}

extension VendorRelease {
    /// The list beside the files at `path`.
    func signedSums(in store: BackupStore, at path: String) async throws(HostError) -> SignedSums.Finding {
        guard let bytes = try await store.content(of: "\(path)/\(ReleaseSums.fileName)", limit: 16 << 20)
        else { return .missing }
        let signature = try await store.content(of: "\(path)/\(ReleaseSums.signatureName)", limit: 1 << 16)
        return try await signedSums(bytes, signature)
    }

    /// What `bytes` are worth with `signature`.
    func signedSums(_ bytes: [UInt8], _ signature: [UInt8]?) async throws(HostError) -> SignedSums.Finding {
        if let reason = try await problem(with: bytes, signature: signature) {
            return .invalid("'\(ReleaseSums.fileName)': \(reason)")
        }
        guard let sums = ReleaseSums(bytes) else { return .invalid("'\(ReleaseSums.fileName)' is damaged") }
        guard sums.version == version else { return .invalid("they are of version '\(sums.version)'") }
        return .valid(SignedSums(sums: sums, bytes: bytes, signature: signature ?? []))
    }
}
