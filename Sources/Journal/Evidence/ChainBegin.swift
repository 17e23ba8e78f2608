internal import Model

/// Whether what the chain does not have any more was dropped by fairlead.
struct ChainBegin {
    private var first: EvidenceEntry?
    /// The beginning that an older version left, by the name of its entry.
    private var adopted: String?
    /// The newest entry that says where the chain begins.
    private var dropped: EvidenceEntry?
    /// Entries say what is final from here on.
    private(set) var saysFixed = false

    mutating func follow(_ entry: EvidenceEntry) {
        first = first ?? entry
        if entry.fixed != nil { saysFixed = true }
        guard entry.source == EvidenceTable.chain else { return }
        switch entry.kind {
        case .dropped: dropped = entry
        // Later, only somebody else writes it.
        case .kept where !saysFixed && adopted == nil: adopted = entry.key
        default: break
        }
    }

    /// `nil` where all is well. `now`: a clock that was ahead, or an entry written by hand, may say any time.
    func fault(now: Timestamp?) -> String? {
        guard let first, first.id > 1, adopted != "\(first.id)" else { return nil }
        let subject = "what came before entry \(first.id) of the chain was dropped"
        guard let dropped, dropped.key == "\(first.id)" else { return "\(subject) by another program" }
        guard !Retention.isOld(first.time, at: dropped.time, now) else { return nil }
        return "\(subject) on \(Timestamp(milliseconds: dropped.time).words), before it was "
            + "\(Retention.standard.days) days old: that entry is of \(Timestamp(milliseconds: first.time).words); "
            + "another program did it, or the clock was ahead"
    }
}

extension Retention {
    /// Whether fairlead may drop what is of `moment`, at a time by which the chain cannot be ahead of `now`.
    static func isOld(_ moment: Int64, at time: Int64, _ now: Timestamp?) -> Bool {
        moment < min(time, now?.milliseconds ?? time) - standard.milliseconds
    }
}
