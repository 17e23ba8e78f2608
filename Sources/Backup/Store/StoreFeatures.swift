internal import Files

/// What a store can, as rclone knows it.
struct StoreFeatures: Decodable {
    /// A file appears when it is complete, never before: true of object stores.
    let writesWhole: Bool
    /// Tells a hash of what it has; rclone compares it after each upload.
    let hasHashes: Bool

    private enum CodingKeys: String, CodingKey {
        case hashes = "Hashes"
        case features = "Features"
    }

    private struct Features: Decodable {
        let isBucketBased: Bool

        enum CodingKeys: String, CodingKey { case isBucketBased = "BucketBased" }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        writesWhole = try members.decode(Features.self, forKey: .features).isBucketBased
        hasHashes = try members.decodeIfPresent([String].self, forKey: .hashes)?.isEmpty == false
    }
}

extension BackupStore {
    func features() async throws(HostError) -> StoreFeatures {
        let purpose = "ask what can be done"
        guard let answer = try await rclone(["backend", "features", "\(RcloneRemote.standardName):"], to: purpose)
        else {
            throw failure(RcloneLog(tail: "directory not found"), to: purpose)
        }
        return try decoded(StoreFeatures.self, answer, to: purpose)
    }
}
