internal import Files

/// Where a remote of type `s3` lies, and the key for it.
struct S3Address: Sendable {
    /// Without a slash at its end.
    let url: String
    /// Of objects, below the bucket.
    let prefix: String
    let region: String
    let key: String
    let secret: String
    let token: String?

    init(_ remote: RcloneRemote, path: String, of target: String) throws(HostError) {
        guard let key = remote["access_key_id"], let secret = remote["secret_access_key"] else {
            throw HostError(
                "cannot read the locks on backup target '\(target)' without a key",
                hint: "write 'access_key_id' and 'secret_access_key' of the target as secrets")
        }
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        region = remote["region"].flatMap { $0.isEmpty ? nil : $0 } ?? "us-east-1"
        prefix = parts.count > 1 ? parts[1] : ""
        (self.key, self.secret, token) = (key, secret, remote["session_token"])
        let endpoint = Self.endpoint(remote, region: region)
        url = Self.url(of: parts.first ?? "", at: endpoint, inPath: remote["force_path_style"] != "false")
    }

    private static func endpoint(_ remote: RcloneRemote, region: String) -> String {
        guard let endpoint = remote["endpoint"], !endpoint.isEmpty else {
            return "https://s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
        }
        let plain = endpoint.last == "/" ? String(endpoint.dropLast()) : endpoint
        return plain.contains("://") ? plain : "https://\(plain)"
    }

    private static func url(of bucket: String, at endpoint: String, inPath: Bool) -> String {
        guard !inPath, let scheme = endpoint.firstRange(of: "://") else { return "\(endpoint)/\(bucket)" }
        return endpoint[..<scheme.upperBound] + "\(bucket)." + endpoint[scheme.upperBound...]
    }
}
