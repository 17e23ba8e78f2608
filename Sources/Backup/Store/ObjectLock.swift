public import Files
internal import FoundationEssentials
internal import HostSystem
public import Model

/// How an object is kept from being removed or replaced: by S3's object lock, or an immutability policy of Azure.
public struct ObjectLock: Hashable, Sendable {
    public enum Mode: String, Sendable {
        /// Nobody can shorten it, not even the owner of the bucket. Azure: `locked`.
        case compliance = "COMPLIANCE"
        /// Users with a special right can remove the object all the same. Azure: `unlocked`.
        case governance = "GOVERNANCE"
    }

    public let mode: Mode
    public let until: Timestamp
    /// What the store itself calls the mode.
    public let word: String

    public init(mode: Mode, until: Timestamp, word: String? = nil) {
        self.mode = mode
        self.until = until
        self.word = word ?? mode.rawValue
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
    /// Whether what this store takes can be locked, and the lock read back.
    public var canLock: Bool { target.lockKind != nil }

    /// Whether the store tells how it locks what comes: S3 does.
    public var tellsDefaultLock: Bool { target.lockKind == .objectLock }

    /// How long the newest version of the object `path` is locked; `nil` when it is not.
    public func retention(of path: String) async throws(HostError) -> ObjectLock? {
        try check(path)
        let purpose = "read the lock of '\(path)'"
        switch target.lockKind {
        case .immutabilityPolicy: return try await policy(of: path, to: purpose)
        case .objectLock, nil:
            guard let answer = try await lockAnswer(for: path, query: "retention", to: purpose) else { return nil }
            guard let lock = ObjectLock(answer) else { throw notUnderstood(to: purpose) }
            return lock
        }
    }

    /// Those of the objects `paths` whose lock is shorter than `lock` or missing, in words; also those of which the store
    /// does not tell it, as long as asking again would not help. What may pass is an error.
    func unlocked(_ paths: [String], for lock: PlanDuration?) async throws(HostError) -> [String] {
        guard let lock else { return [] }
        var findings: [String] = []
        for path in paths {
            do throws(HostError) {
                guard let problem = try await retention(of: path).problem(for: lock, at: .now) else { continue }
                findings.append("'\(path)' \(problem)")
            } catch  where !error.mayPass {
                findings.append("nothing tells whether '\(path)' is locked: \(error.message)")
                // Of the others it would not tell it either.
                return findings
            }
        }
        return findings
    }

    /// What the bucket gives each new object; `nil` when it does not lock them by itself. Of S3 only.
    public func defaultRetention() async throws(HostError) -> BucketLock? {
        let answer = try await lockAnswer(for: nil, query: "object-lock", to: "read the bucket's default lock")
        return answer.flatMap(BucketLock.init)
    }

    private func policy(of path: String, to purpose: String) async throws(HostError) -> ObjectLock? {
        let address = try AzureAddress(remote, path: target.basePath, of: name)
        let proxy = try CurlProxy(configuration.proxy, for: address.server)
        let request = AzureRequest(address, path: path, now: .now, proxy: proxy)
        let answer = AzureAnswer(try await send(request.curl, to: purpose))
        guard answer.status == 200 else {
            throw refusal(status: answer.status, [answer["x-ms-error-code"]], to: purpose)
        }
        if let lock = ObjectLock(answer) { return lock }
        guard answer["x-ms-immutability-policy-until-date"] == nil else { throw notUnderstood(to: purpose) }
        return nil
    }

    private func lockAnswer(for path: String?, query: String, to purpose: String) async throws(HostError) -> S3Answer? {
        guard target.lockKind == .objectLock else {
            throw HostError(
                "backup target '\(name)' knows no object locks: its type is '\(remote.type)'",
                hint: "remove 'lock' from the target, or use an S3 storage with object lock")
        }
        let address = try S3Address(remote, path: target.basePath, of: name)
        let proxy = try CurlProxy(configuration.proxy, for: address.url)
        let request = S3Request(address, path: path, query: query, proxy: proxy)
        let answer = S3Answer(try await send(request.curl, to: purpose))
        if answer.status == 200 { return answer }
        // Different servers, and different requests, have different words for it.
        let none = ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest"]
        guard !none.contains(answer["Code"] ?? "") else { return nil }
        throw refusal(status: answer.status, [answer["Code"], answer["Message"]], to: purpose)
    }

    private func notUnderstood(to purpose: String) -> HostError {
        HostError("cannot \(purpose) on backup target '\(name)': the server's answer is no lock")
    }
}

extension ObjectLock? {
    /// What is wrong with it for an object that was uploaded some hours ago at the most and has to be locked for `lock`,
    /// in words that follow the object's name; `nil` when nothing is.
    func problem(for lock: PlanDuration, at now: Timestamp) -> String? {
        guard let self else { return "is not locked" }
        if self.mode != .compliance { return "is locked in mode '\(self.word)', which can be lifted" }
        let needed = now.milliseconds + lock.milliseconds - 86_400_000
        return self.until.milliseconds < needed ? "is locked for less than \(lock)" : nil
    }
}
