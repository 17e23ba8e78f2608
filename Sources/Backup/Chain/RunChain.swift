internal import Files
internal import Model

/// What this host knows of its own runs, where nobody writes who only has a storage's key: `STATE/backup/chain.json`.
struct RunChain: Codable, Hashable, Sendable {
    /// Of those that wait for a target.
    private static let longest = 100

    private(set) var stack: String
    private(set) var host: String
    /// How many were made.
    private(set) var count: Int64 = 0
    /// The last ones, oldest first.
    private(set) var made: [RunLink] = []
    /// The newest one that each target has taken, by its name.
    private(set) var delivered: [String: RunLink] = [:]

    /// One without runs for another stack or host than that of `plan`.
    static func read(of plan: ResolvedPlan, stateDirectory: String) -> Self {
        let known: Self? = file(stateDirectory).read()
        guard var known, known.host == plan.host, [plan.stack, plan.formerly].contains(known.stack) else {
            return Self(stack: plan.stack, host: plan.host)
        }
        known.stack = plan.stack
        return known
    }

    private init(stack: String, host: String) { (self.stack, self.host) = (stack, host) }

    func write(stateDirectory: String) throws(HostError) { try Self.file(stateDirectory).write(self) }

    private static func file(_ stateDirectory: String) -> RecordFile { RecordFile(name: "chain", in: stateDirectory) }

    /// `run` was made.
    mutating func add(_ run: BackupRunID, _ digest: SHA256Sum) {
        count += 1
        made = Array((made + [RunLink(run: run, number: count, digest: digest)]).suffix(Self.longest))
    }

    /// Target `name` has it.
    mutating func deliver(_ run: BackupRunID, to name: String) {
        guard let link = made.first(where: { $0.run == run }), delivered[name].map({ $0.run < run }) ?? true else {
            return
        }
        delivered[name] = link
    }

    /// The newest one that each target has taken and does not list any more, by the target's name. `listed`: what each that
    /// was read lists of this host.
    func gone(from listed: [String: Set<BackupRunID>]) -> [String: BackupRunID] {
        var gone: [String: BackupRunID] = [:]
        for (name, runs) in listed {
            guard let taken = delivered[name]?.run, !runs.contains(taken) else { continue }
            gone[name] = taken
        }
        return gone
    }

    /// The newest one that one of `targets` has.
    func newest(at targets: [String: BackupTarget]) -> RunLink? {
        delivered.filter { targets[$0.key] != nil }.values.max { $0.run < $1.run }
    }
}
