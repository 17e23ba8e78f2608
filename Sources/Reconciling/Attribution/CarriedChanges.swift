internal import Model
internal import Planning

/// What a deployment brought of commits before its own, which were never deployed by themselves.
struct CarriedChanges {
    /// How many changes a note tells.
    private static let most = 3

    /// What became of each of these commits, in words.
    let notes: [CommitID: String]

    init(_ changes: [PlanChange], in tip: CommitID) {
        let made = changes.filter { $0.commit?.earlier != true && $0.commit?.id != tip }
        var byCommit: [CommitID: [PlanChange]] = [:]
        for change in made {
            if let commit = change.commit { byCommit[commit.id, default: []].append(change) }
        }
        notes = byCommit.mapValues { changes in
            let more = changes.count > Self.most ? ["\(changes.count - Self.most) more"] : []
            let words = changes.prefix(Self.most).map(\.description) + more
            return "deployed with '\(tip.short)': \(words.joined(separator: "; "))"
        }
    }
}
