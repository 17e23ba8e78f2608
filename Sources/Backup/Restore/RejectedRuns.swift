internal import Files
internal import Model

/// Runs that are no backup of ours, met in a search from the newest on. Whoever can write to a storage can put any number there.
struct RejectedRuns {
    /// So many are read; what costs nothing to refuse does not count.
    private static let longest = 50
    /// So many are told one by one.
    private static let told = 10

    private(set) var count = 0
    private var read = 0
    private var first: [(run: BackupRunID, reason: String)] = []

    /// Returns whether it is one of those that are told. Throws when it is one too many.
    mutating func add(_ candidate: RestoreCandidate, _ reason: String) throws(HostError) -> Bool {
        count += 1
        if candidate.isSigned { read += 1 }
        guard read <= Self.longest else {
            throw HostError(
                "more than \(Self.longest) runs are no backups, the last of them \(candidate.shown): \(reason)",
                hint:
                    "see who can write to the storage and remove them; or name a good run in the plan's 'backup', which "
                    + "'fairlead backup list --before RUN' finds: \"restore\": \"RUN\"",
                disposition: .transient)
        }
        guard first.count < Self.told else { return false }
        first.append((candidate.place.run, "\(candidate.shown): \(reason)"))
        return true
    }

    /// Of those that are told, newer than `valid`, in words.
    func reasons(newerThan valid: BackupRunID?) -> [String] {
        first.filter { rejected in valid.map { rejected.run > $0 } ?? true }.map(\.reason)
    }

    /// That there were more than were told; `nil` where there were not.
    var rest: String? { count > first.count ? "\(count - first.count) further runs are no backups either" : nil }
}
