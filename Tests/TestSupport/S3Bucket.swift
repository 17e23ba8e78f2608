public import Foundation

/// A bucket of one test. What is done is done with the owner's key unless another is given, and answered as it is: a
/// refusal is an answer (`S3Answer.checked()` makes it an error).
public struct S3Bucket: Sendable {
    public let server: S3Server
    public let name: String

    /// A version of an object, or a delete marker.
    public struct Version: Sendable, Equatable {
        public let key: String
        public let id: String
        public let isLatest: Bool
        public let isDeleteMarker: Bool
        /// 0 of a delete marker.
        public let size: Int
    }

    /// How long a version cannot be removed.
    public struct Retention: Sendable, Equatable {
        /// `COMPLIANCE` or `GOVERNANCE`.
        public let mode: String
        public let until: Date

        public init(mode: String = "COMPLIANCE", until: Date) {
            self.mode = mode
            self.until = until
        }
    }

    /// Every object that is put there is locked for `lockDays` in compliance mode; without, the bucket knows no locks.
    public init(lockDays: Int?, on server: S3Server) async throws {
        self.server = server
        name = "test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let lock = lockDays == nil ? [] : ["x-amz-bucket-object-lock-enabled: true"]
        try await send(S3Request(method: "PUT", path: name, headers: lock)).checked()
        if let lockDays { try await setDefaultRetention(days: lockDays).checked() }
    }

    /// The key of a VSN that may put, get and list below `VSN/` in this bucket, and nothing else.
    ///
    /// The same VSN has the same key in every bucket of the server.
    public func key(of vsn: String) async throws -> S3Key {
        try await keys(of: [vsn])[0]
    }

    /// As above, but it must not do what is named, such as `PutObject`.
    public func key(of vsn: String, without forbidden: Set<String>) async throws -> S3Key {
        try await keys(of: [vsn], without: forbidden)[0]
    }

    /// The options of rclone, as a plan has them, for whoever has `key`.
    public func options(_ key: S3Key) -> [String: String] {
        [
            "type": "s3", "provider": "Ceph", "endpoint": server.endpoint, "region": S3Server.region,
            "access_key_id": key.id, "secret_access_key": key.secret,
        ]
    }

    /// As above; who had a key before and is not named has no rights any more.
    public func keys(of vsns: [String], without forbidden: Set<String> = []) async throws -> [S3Key] {
        var keys: [S3Key] = []
        for vsn in vsns { keys.append(try await server.key(of: vsn)) }
        let policy = Data(S3Policy.text(bucket: name, vsns: vsns, without: forbidden).utf8)
        try await send(S3Request(method: "PUT", path: name, query: [("policy", "")], body: policy)).checked()
        return keys
    }

    /// `lockedUntil` overrides what the bucket says; another version is made of a key that is there.
    public func put(
        _ key: String, _ data: Data, lockedUntil: Date? = nil, as user: S3Key? = nil
    ) async throws -> S3Answer {
        let lock = lockedUntil.map {
            ["x-amz-object-lock-mode: COMPLIANCE", "x-amz-object-lock-retain-until-date: \($0.formatted(.iso8601))"]
        }
        return try await send(
            S3Request(method: "PUT", path: "\(name)/\(key)", headers: lock ?? [], body: data), as: user)
    }

    public func get(_ key: String, version: String? = nil, as user: S3Key? = nil) async throws -> S3Answer {
        try await send(S3Request(path: "\(name)/\(key)", query: Self.query(version)), as: user)
    }

    /// Without a version it makes a delete marker, or in a bucket without versions removes the object.
    public func delete(_ key: String, version: String? = nil, as user: S3Key? = nil) async throws -> S3Answer {
        let headers = version == nil ? [] : ["x-amz-bypass-governance-retention: true"]
        return try await send(
            S3Request(method: "DELETE", path: "\(name)/\(key)", query: Self.query(version), headers: headers), as: user)
    }

    /// Of all keys that begin with `prefix`; of one key the newest first.
    public func versions(_ prefix: String = "", as user: S3Key? = nil) async throws -> [Version] {
        let query = [("max-keys", "10000"), ("prefix", prefix), ("versions", "")]
        let text = try await send(S3Request(path: name, query: query), as: user).checked().text
        guard S3Answer.element("IsTruncated", in: text[...]) == "false" else {
            throw TestProgramFailure("S3: more versions in '\(name)' than one answer holds")
        }
        return text.matches(of: /<(Version|DeleteMarker)>(.*?)<\/\1>/.dotMatchesNewlines()).compactMap { match in
            let element = { S3Answer.element($0, in: match.2) }
            guard let key = element("Key"), let id = element("VersionId") else { return nil }
            return Version(
                key: key, id: id, isLatest: element("IsLatest") == "true", isDeleteMarker: match.1 == "DeleteMarker",
                size: element("Size").flatMap { Int($0) } ?? 0)
        }
    }

    /// `nil` when the version, or without one the newest, is not locked.
    public func retention(_ key: String, version: String? = nil, as user: S3Key? = nil) async throws -> Retention? {
        let query = [("retention", "")] + Self.query(version)
        let answer = try await send(S3Request(path: "\(name)/\(key)", query: query), as: user)
        // No lock on the object, or none in the bucket.
        if ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest"]
            .contains(answer.code ?? "")
        {
            return nil
        }
        let text = try answer.checked().text[...]
        guard let mode = S3Answer.element("Mode", in: text), let until = S3Answer.element("RetainUntilDate", in: text),
            let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(until)
        else { throw TestProgramFailure("S3: no retention: \(text)") }
        return Retention(mode: mode, until: date)
    }

    public func setRetention(
        _ key: String, _ retention: Retention, version: String? = nil, as user: S3Key? = nil
    ) async throws -> S3Answer {
        let text = """
            <Retention><Mode>\(retention.mode)</Mode>\
            <RetainUntilDate>\(retention.until.formatted(.iso8601))</RetainUntilDate></Retention>
            """
        let query = [("retention", "")] + Self.query(version)
        return try await send(
            S3Request(method: "PUT", path: "\(name)/\(key)", query: query, body: Data(text.utf8)), as: user)
    }

    /// Of what is put from now on; `nil`: it is not locked.
    public func setDefaultRetention(days: Int?, as user: S3Key? = nil) async throws -> S3Answer {
        let rule = days.map {
            "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>\($0)</Days></DefaultRetention></Rule>"
        }
        let text = """
            <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>\(rule ?? "")\
            </ObjectLockConfiguration>
            """
        return try await send(
            S3Request(method: "PUT", path: name, query: [("object-lock", "")], body: Data(text.utf8)), as: user)
    }

    /// For rclone's remote `store:`, with the bucket's name after the colon.
    public func rcloneEnvironment(_ key: S3Key) -> [String: String] {
        [
            "RCLONE_CONFIG": "", "RCLONE_CONFIG_STORE_TYPE": "s3", "RCLONE_CONFIG_STORE_PROVIDER": "Ceph",
            "RCLONE_CONFIG_STORE_ENDPOINT": server.endpoint, "RCLONE_CONFIG_STORE_REGION": S3Server.region,
            "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": key.id, "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": key.secret,
            "RCLONE_CONFIG_STORE_NO_CHECK_BUCKET": "true",
        ]
    }

    private func send(_ request: S3Request, as user: S3Key? = nil) async throws -> S3Answer {
        try await request.send(to: server.endpoint, as: user ?? server.owner)
    }

    private static func query(_ version: String?) -> [(String, String)] { version.map { [("versionId", $0)] } ?? [] }
}
