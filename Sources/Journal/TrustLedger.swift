internal import GRDB
public import Model

/// What this host believed, and why: the commit that was accepted last, and what root accepted by hand.
public struct TrustLedger: Sendable {
    /// Of what root accepted, the newest are kept.
    private static let mostAcceptances = 200

    private let journal: Journal

    public init(_ journal: Journal) { self.journal = journal }

    public func acceptedCommit() async throws(JournalError) -> AcceptedCommit? {
        try await journal.read("read the accepted commit") { try SavedValue.acceptedCommit.read(from: $0) }
    }

    /// How current the branch was when it was last looked at; `nil` where it never was.
    public func freshness() async throws(JournalError) -> BranchFreshness? {
        try await journal.read("read how current the branch is") { try SavedValue.freshness.read(from: $0) }
    }

    public func record(_ freshness: BranchFreshness) async throws(JournalError) {
        // What lasts is not written again with every poll.
        guard try await self.freshness() != freshness else { return }
        try await journal.write("record how current the branch is") { database in
            try SavedValue.freshness.write(freshness, to: database)
        }
    }

    /// What root accepted on this host, the newest first.
    public func acceptances() async throws(JournalError) -> [LocalAcceptance] {
        try await journal.read("read what was accepted on this host") { database in
            try SavedValue.acceptances.read(from: database) ?? []
        }
    }

    /// What the next tip has to contain, and why it is believed: the latter is kept beside the commit too, and beside
    /// those that were verified with it. What let a commit pass before is used up by that.
    public func record(_ accepted: AcceptedCommit) async throws(JournalError) {
        guard try await acceptedCommit() != accepted else { return }
        try await journal.write("record that commit '\(accepted.commit.short)' is accepted") { database in
            let former = try SavedValue.acceptedCommit.read(from: database)
            try SavedValue.acceptedCommit.write(accepted.following(former), to: database)
            if former?.commit != accepted.commit { try Self.endAcceptances(with: accepted.commit, in: database) }
            try Self.keep(accepted.warrant, of: accepted.commit, in: database)
            for (commit, signer) in accepted.below {
                let warrant = CommitWarrant(way: .signature, signer: signer, time: accepted.warrant.time)
                try Self.keep(warrant, of: commit, in: database)
            }
        }
    }

    /// They stay on record.
    private static func endAcceptances(with next: CommitID, in database: Database) throws {
        guard var all = try SavedValue.acceptances.read(from: database), all.contains(where: { $0.ended == nil })
        else { return }
        for index in all.indices where all[index].ended == nil { all[index].ended = next }
        try SavedValue.acceptances.write(all, to: database)
    }

    private static func keep(_ warrant: CommitWarrant, of id: CommitID, in database: Database) throws {
        guard var commit = try Commit.kept(id.hex, in: database) else { return }
        commit.warrant = warrant
        try database.execute(
            sql: "UPDATE seenCommit SET details = ? WHERE id = ?", arguments: [try JSONText.encode(commit), id.hex])
    }

    public func record(_ acceptance: LocalAcceptance) async throws(JournalError) {
        try await journal.write("record that commit '\(acceptance.commit.short)' is to be accepted") { database in
            let known = try SavedValue.acceptances.read(from: database) ?? []
            var acceptance = acceptance
            // Another one may have been accepted since it was read, and this would hold when the one before comes back.
            if let head = try SavedValue.acceptedCommit.read(from: database) { acceptance.from = head.commit }
            try SavedValue.acceptances.write(
                Array(([acceptance] + known).prefix(Self.mostAcceptances)), to: database)
        }
    }
}

/// Which lists of signers it accepted from the repo.
extension TrustLedger {
    /// Of those, the newest are kept.
    private static let mostRotations = 20

    /// The newest first.
    public func rotations() async throws(JournalError) -> [SignerRotation] {
        try await journal.read("read who may sign") { try SavedValue.rotations.read(from: $0) ?? [] }
    }

    /// Never in place of a newer one.
    public func record(_ rotation: SignerRotation) async throws(JournalError) {
        try await journal.write("record list \(rotation.number) of signers") { database in
            let known = try SavedValue.rotations.read(from: database) ?? []
            guard rotation.number > known.first?.number ?? 0 else { return }
            try SavedValue.rotations.write(Array(([rotation] + known).prefix(Self.mostRotations)), to: database)
            try SavedValue.signerOffer.write(nil, to: database)
        }
    }

    /// What the server had of the next list when it was looked at last.
    public func signerOffer() async throws(JournalError) -> SignerOffer? {
        try await journal.read("read what is offered as list of signers") { try SavedValue.signerOffer.read(from: $0) }
    }

    public func record(_ offer: SignerOffer?) async throws(JournalError) {
        // What lasts is not written again with every poll.
        guard try await signerOffer() != offer else { return }
        try await journal.write("record what is offered as list of signers") { database in
            try SavedValue.signerOffer.write(offer, to: database)
        }
    }
}
