/// Which runs stay when a storage is pruned.
public struct KeepRule: Hashable, Sendable {
    /// The newest ones.
    public var last: Int
    /// Of each of so many days that have runs, the newest one; likewise months. In UTC.
    public var daily: Int
    public var monthly: Int

    public init(last: Int = 0, daily: Int = 0, monthly: Int = 0) {
        self.last = last
        self.daily = daily
        self.monthly = monthly
    }

    /// Those of `runs` that stay; never none of them.
    public func kept(of runs: some Collection<BackupRunID>) -> Set<BackupRunID> {
        let newestFirst = runs.sorted(by: >)
        return Set(newestFirst.prefix(max(last, 1)))
            .union(newest(daily, newestFirst) { $0.description.prefix(8) })
            .union(newest(monthly, newestFirst) { $0.description.prefix(6) })
    }

    private func newest(
        _ count: Int, _ runs: [BackupRunID], of period: (BackupRunID) -> Substring
    ) -> [BackupRunID] {
        var seen: Set<Substring> = []
        return Array(runs.filter { seen.insert(period($0)).inserted }.prefix(count))
    }
}
