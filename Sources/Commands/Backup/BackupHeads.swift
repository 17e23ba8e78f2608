internal import Backup
internal import HostSystem
internal import Journal
internal import Model

/// What the signed manifests of this host's backups say of its journal: whoever is root here can write another journal, but
/// not into a storage that keeps what it has.
struct BackupHeads: Codable, Hashable, Sendable {
    /// Runs whose entry the journal contains.
    var contained = 0
    /// What the journal does not contain, a line each.
    var faults: [String] = []
    /// Runs that say nothing, and why.
    var notes: [String] = []
    /// Why a target could not be read, by its name.
    var unread: [String: String]?

    /// Something was compared, all of it fits, and no storage was silent.
    var isWhole: Bool { faults.isEmpty && unread == nil && contained > 0 }

    /// Of the newest runs of each target, `since` and later; `now`: entries are kept for so long.
    init(_ known: Backups.KnownRuns, of host: String, since: BackupRunID?, in journal: Journal, now: Timestamp)
        async throws
    {
        unread = known.unread.isEmpty ? nil : known.unread.mapValues(\.description)
        let runs = known.found.compactMap { run -> (run: Backups.KnownRun, head: JournalHead)? in
            guard run.host == host, since.map({ run.run >= $0 }) ?? true, case .listed(let manifest, _) = run.state,
                let head = manifest.journal
            else { return nil }
            return (run: run, head: head)
        }
        for (run, place) in zip(runs, try await journal.places(of: runs.map { $0.head })) {
            add(run.run, run.head, place, now)
        }
    }

    private mutating func add(_ run: Backups.KnownRun, _ head: JournalHead, _ place: HeadPlace, _ now: Timestamp) {
        let subject = "run \(run.run) of '\(run.target)' names entry \(head)"
        switch place {
        case .contained: contained += 1
        case .other: faults.append("\(subject), and the journal has another one there: it was written anew")
        case .beyond(let last):
            faults.append("\(subject), and the journal ends with \(last): its end was cut off, or it was begun anew")
        case .dropped(let first):
            let kept = Retention.standard.days * 86_400_000
            guard run.run.moment.milliseconds > now.milliseconds - kept else {
                return notes.append("\(subject), which is not kept any more")
            }
            faults.append("\(subject), and the journal begins with \(first): what was before was cut off")
        }
    }
}
