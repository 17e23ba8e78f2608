public import Files
internal import HostSystem
public import Model

/// Tries a target as a backup uses it: a small file is written, read back and, where that is allowed, removed.
public struct TargetProbe: Sendable {
    public struct Outcome: Hashable, Sendable {
        /// Who has the target's key can remove what was written.
        public let removes: Bool
        /// What keeps the file from being removed by anybody; absent where nothing does, or nobody asked.
        public let lock: ObjectLock?
    }

    let store: BackupStore
    /// Always the same one, so that a target that lets nothing be removed keeps one small file, or its versions.
    private let path: String
    private let lock: PlanDuration?

    /// Beside the runs of the plan's host, where its key may write.
    public init(_ store: BackupStore, of plan: ResolvedPlan) {
        self.store = store
        path = "\(plan.stack)/\(plan.host)/.fairlead-probe"
        lock = store.target.lock
    }

    /// The error is that of a target that would not take a backup, or not lock it as the plan wants.
    public func run() async throws(HostError) -> Outcome {
        try await store.check()
        let scratch = try TemporaryDirectory()
        let text = Array("written by fairlead to try this target: \(UInt64.random(in: .min ... .max))\n".utf8)
        let file = "\(scratch.path)/probe"
        try AtomicFile.write(text, to: file)
        try await store.put(file: file, as: path)
        guard try await store.content(of: path, limit: 4096) == text else {
            throw HostError(
                "'\(path)' on backup target '\(store.name)' is not what was just written there",
                hint: "see who else writes there, and the server's own log", disposition: .transient)
        }
        if let lock {
            let found = try await store.retention(of: path)
            if let problem = found.problem(for: lock, at: .now) { throw refused(problem) }
            return Outcome(removes: false, lock: found)
        }
        return Outcome(removes: await removes(), lock: nil)
    }

    private func removes() async -> Bool { (try? await store.remove(path)) != nil }

    private func refused(_ problem: String) -> HostError {
        HostError(
            "what backup target '\(store.name)' takes \(problem)",
            hint: "let the store lock for \(lock.map { "\($0)" } ?? ""): the bucket's default retention in mode "
                + "COMPLIANCE, the container's immutability policy in state 'locked'; see docs/backup.md")
    }
}
