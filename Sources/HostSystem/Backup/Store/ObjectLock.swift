internal import FoundationEssentials
public import Planning

/// How an object of S3 is kept from being removed or replaced.
public struct ObjectLock: Hashable, Sendable {
    public enum Mode: String, Sendable {
        /// Nobody can shorten it, not even the owner of the bucket.
        case compliance = "COMPLIANCE"
        /// Users with a special right can remove the object all the same.
        case governance = "GOVERNANCE"
    }

    public let mode: Mode
    public let until: Timestamp

    public init(mode: Mode, until: Timestamp) {
        self.mode = mode
        self.until = until
    }

    /// Of the answer to `?retention=`; `nil` when it is none.
    init?(_ answer: S3Answer) {
        guard let mode = answer["Mode"].flatMap(Mode.init), let until = answer["RetainUntilDate"],
            // Some servers give nanoseconds.
            let date = try? Date(until.replacing(/\.[0-9]+/, with: ""), strategy: .iso8601)
        else { return nil }
        self.init(mode: mode, until: Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000))
    }
}

/// How a bucket locks what is put there.
public struct BucketLock: Hashable, Sendable {
    public let mode: ObjectLock.Mode
    public let days: Int

    public init(mode: ObjectLock.Mode, days: Int) {
        self.mode = mode
        self.days = days
    }

    /// Of the answer to `?object-lock=`; `nil` when new objects are not locked.
    init?(_ answer: S3Answer) {
        guard let mode = answer["Mode"].flatMap(ObjectLock.Mode.init) else { return nil }
        let years = answer["Years"].flatMap { Int($0) } ?? 0
        self.init(mode: mode, days: answer["Days"].flatMap { Int($0) } ?? years * 365)
    }
}

extension BackupStore {
    /// Whether objects of this store can be locked at all: the store is S3.
    public var canLock: Bool { remote.type == "s3" }

    /// How long the newest version of the object `path` is locked; `nil` when it is not.
    public func retention(of path: String) async throws(HostError) -> ObjectLock? {
        try check(path)
        let purpose = "read the lock of '\(path)'"
        guard let answer = try await lockAnswer(for: path, query: "retention", to: purpose) else { return nil }
        guard let lock = ObjectLock(answer) else { throw notUnderstood(answer, to: purpose) }
        return lock
    }

    /// Those of the objects `paths` whose lock is shorter than `lock` or missing, in words.
    func unlocked(_ paths: [String], for lock: PlanDuration?) async throws(HostError) -> [String] {
        guard let lock else { return [] }
        var findings: [String] = []
        // A lock counts from its upload, which may have been some hours ago.
        let needed = Timestamp.now.milliseconds + lock.milliseconds - 86_400_000
        for path in paths {
            switch try await retention(of: path) {
            case nil: findings.append("'\(path)' is not locked")
            case let object? where object.mode != .compliance:
                findings.append("'\(path)' is locked in mode '\(object.mode.rawValue)', which can be lifted")
            case let object? where object.until.milliseconds < needed:
                findings.append("'\(path)' is locked for less than \(lock)")
            default: break
            }
        }
        return findings
    }

    /// What the bucket gives each new object; `nil` when it does not lock them by itself.
    public func defaultRetention() async throws(HostError) -> BucketLock? {
        let answer = try await lockAnswer(for: nil, query: "object-lock", to: "read the bucket's default lock")
        return answer.flatMap(BucketLock.init)
    }

    private func lockAnswer(for path: String?, query: String, to purpose: String) async throws(HostError) -> S3Answer? {
        guard canLock else {
            throw HostError(
                "backup target '\(name)' knows no object locks: its type is '\(remote.type)'",
                hint: "remove 'lock' from the target, or use an S3 storage with object lock")
        }
        let address = try S3Address(remote, path: target.basePath, of: name)
        let proxy = try CurlProxy(configuration.proxy, for: address.url)
        let answer = try await send(S3Request(address, path: path, query: query, proxy: proxy), to: purpose)
        if answer.status == 200 { return answer }
        // Different servers, and different requests, have different words for it.
        let none = ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest"]
        guard !none.contains(answer["Code"] ?? "") else { return nil }
        let why = [answer["Code"], answer["Message"]].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
        var log = RcloneLog()
        log.addError("status \(answer.status)" + (why.isEmpty ? "" : ", \(why)"))
        throw failure(log, to: purpose)
    }

    private func notUnderstood(_ answer: S3Answer, to purpose: String) -> HostError {
        HostError("cannot \(purpose) on backup target '\(name)': the server's answer is no lock")
    }
}
