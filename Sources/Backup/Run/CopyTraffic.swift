public import Files
public import Model

/// What a copy of the data shares the host with: it holds the host's lock only while it holds a container, and gives way to
/// whoever acts on the stack.
public struct CopyTraffic: Sendable {
    private let lock: CopyLock
    private let hostLock: String
    let command: String
    let now: @Sendable () -> Timestamp
    let patience: Duration

    /// `hostLock`: the path of the host's lock; `command`: for others, who holds it; `patience`: how long others are waited for.
    public init(
        hostLock: String, command: String, patience: Duration, now: @escaping @Sendable () -> Timestamp
    ) {
        lock = CopyLock(beside: hostLock)
        self.hostLock = hostLock
        self.command = command
        self.patience = patience
        self.now = now
    }

    /// Does `body` while nobody acts on the stack.
    public func during<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await Self.holding(try await lock.take(command: command, now: now(), wait: patience), body)
    }

    /// Does `body` under the host's lock, for which a copy waits only as long as nobody waits for the copy.
    func holdingHost<Value: Sendable>(
        _ body: () async throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        try await Self.holding(try await takeHost(), body)
    }

    /// `held` is given back at the very end of the work, and no earlier.
    private static func holding<Value: Sendable, Failure: Error>(
        _ held: consuming HostLock, _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        do throws(Failure) {
            let value = try await body()
            _ = consume held
            return value
        } catch {
            _ = consume held
            throw error
        }
    }

    private func takeHost() async throws(HostError) -> HostLock {
        let deadline = ContinuousClock.now + patience
        while true {
            try check()
            do throws(HostError) {
                return try await HostLock.acquire(at: hostLock, command: command, now: now())
            } catch {
                guard error.mayPass, ContinuousClock.now < deadline else { throw error }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Throws where somebody waits for the end of the copy.
    func check() throws(HostError) {
        if lock.isWanted || Task.isCancelled { throw Self.gaveWay }
    }

    /// Does `work`, unless somebody waits for the end of the copy: then it is cancelled, and the value is `nil`.
    func unlessWanted<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await work() }
            group.addTask {
                while !Task.isCancelled, !lock.isWanted { try? await Task.sleep(for: .milliseconds(200)) }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// The disposition is that of nothing else but a cancelled task.
    public static let gaveWay = HostError(
        "the backup made way for what was done to the stack meanwhile",
        hint: "the daemon makes it again in some minutes, 'fairlead backup now' at once", disposition: .interrupted)
}

extension HostGate {
    /// For a copy of the data.
    package var traffic: CopyTraffic {
        CopyTraffic(
            hostLock: path, command: "\(command): copy the data for the backup", patience: patience, now: now)
    }
}
