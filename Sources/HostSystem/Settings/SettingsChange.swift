internal import Files

/// What has to be done to give the host the wanted settings: decided from values alone.
struct SettingsChange {
    /// What to write, by item; only what differs.
    let writes: [HostItem: HostValue]
    /// What those items are now.
    let before: [HostItem: HostValue]
    /// While the change is carried out: those of before, and those of what is touched for the first time.
    let originals: SettingsMemory.Originals
    /// Afterwards: without those that were brought back.
    let remaining: SettingsMemory.Originals

    /// `wanted` is everything that the plan asks for; what has an original and is no longer wanted gets that back.
    init(
        wanted: [HostItem: HostValue], originals: SettingsMemory.Originals,
        current: (HostItem) throws(HostError) -> HostValue
    ) throws(HostError) {
        var now: [HostItem: HostValue] = [:]
        for item in Set(wanted.keys).union(originals.keys) { now[item] = try current(item) }
        var all = originals
        for item in wanted.keys where all[item] == nil {
            all[item] = now[item].map { item.isOwn ? item.nothing(beside: $0) : $0 }
        }
        let target = originals.merging(wanted) { $1 }
        writes = target.filter { now[$0.key] != $0.value }
        before = now.filter { target[$0.key] != $0.value }
        self.originals = all
        remaining = all.filter { wanted[$0.key] != nil }
    }

    /// In words, in the order in which they are written.
    var words: [String] {
        writes.keys.inWritingOrder.compactMap { item in
            guard let old = before[item], let new = writes[item] else { return nil }
            return item.words(from: old, to: new)
        }
    }
}

extension Sequence<HostItem> {
    var inWritingOrder: [HostItem] { sorted { ($0.order, "\($0)") < ($1.order, "\($1)") } }
}

extension HostItem {
    /// What it is without Fairlead, where Fairlead alone makes it.
    fileprivate func nothing(beside found: HostValue) -> HostValue {
        if case .block = self, found != .missing { return .withoutBlock }
        return .missing
    }
}
