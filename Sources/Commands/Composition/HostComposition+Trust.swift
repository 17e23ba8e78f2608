internal import Backup
internal import GitSource
internal import HostSystem
internal import Journal
internal import Model
internal import Planning
internal import Reconciling

extension HostComposition {
    /// What a tip has to pass before anything that it contains counts.
    func commitGate(_ memory: any HostTrustMemory) -> CommitGate {
        let signatures = signatures(memory)
        return CommitGate(
            settings: configuration.trust, host: configuration.host, source: source, signatures: signatures,
            memory: memory, freshness: freshnessWatch(memory, signatures),
            rotation: RotationWatch(
                settings: configuration.trust, host: configuration.host, source: source, votes: signatures,
                memory: memory, now: context.clock.now),
            now: context.clock.now)
    }

    /// What the server has of the next list of signers; `nil` where only the configuration says who may sign. `tip` is what
    /// the branch is now, and present locally.
    func nextSigners(at tip: CommitID) async throws -> SignerOutlook? {
        try await commitGate(try recordedTrust()).rotation?.look(at: tip)
    }

    /// The lists of signers that were accepted from the repo, the newest first.
    func acceptedRotations() async throws -> [SignerRotation] { try await recordedTrust().rotations() }

    /// How current the branch is as it is served now, and what speaks against it; `nil` where that is not asked, or `tip` is
    /// not believed.
    func freshness(of tip: CommitID) async throws -> (BranchFreshness, FreshnessDoubt?)? {
        let gate = commitGate(try recordedTrust())
        guard let watch = gate.freshness,
            case .accepted(let accepted)? = try await gate.decision(
                on: tip, deployed: try await deployedState()?.commit)
        else { return nil }
        let freshness = try await watch.look(at: tip, accepted.warrant, always: true)
        return (freshness, watch.doubt(about: freshness))
    }

    private func freshnessWatch(
        _ memory: any FreshnessMemory, _ signatures: HostSignatures
    ) -> FreshnessWatch? {
        guard configuration.trust.verifiesCommits, let maximumAge = configuration.trust.maximumAge else { return nil }
        return FreshnessWatch(
            maximumAge: maximumAge, branch: configuration.repository.branch, source: source, heartbeats: signatures,
            memory: memory, now: context.clock.now)
    }

    private func signatures(_ memory: any RotationMemory) -> HostSignatures {
        HostSignatures(source: source, settings: configuration.trust, memory: memory)
    }

    /// Where the branch stands, fetched; throws when the tip is not believed here. For whatever acts on what it contains
    /// without being the loop.
    func believedTip() async throws -> RemoteTip {
        let tip = try await source.remoteTip()
        try await source.fetch(tip)
        try await believe(tip.commit)
        return tip
    }

    func believe(_ tip: CommitID) async throws {
        try await commitGate(try recordedTrust()).check(tip, deployed: try await deployedState()?.commit)
    }

    /// What was accepted last; `nil` where commits are not verified.
    func acceptedCommit(_ journal: Journal) async throws(JournalError) -> AcceptedCommit? {
        configuration.trust.verifiesCommits ? try await TrustLedger(journal).acceptedCommit() : nil
    }

    /// Whether what is deployed contains what was accepted when a backup was made, or a person decided on it; `nil` where
    /// commits are not verified.
    func history(_ journal: Journal) -> BackupHistory? {
        guard configuration.trust.verifiesCommits else { return nil }
        return BackupHistory(
            contains: { [source] earlier in
                guard let head = try await TrustLedger(journal).acceptedCommit(), head.warrant.way == .signature else {
                    return true
                }
                return try await source.isAncestor(earlier, of: head.commit)
            },
            signerList: {
                let way = try await TrustLedger(journal).acceptedCommit()?.warrant.way
                guard way == .signature else { return nil }
                return try await signerList(journal)
            })
    }

    /// The number of the list of signers that counts; `nil` where only the configuration says who may sign.
    func signerList(_ journal: Journal) async throws(JournalError) -> Int? {
        let trust = configuration.trust
        guard trust.verifiesCommits, trust.rotation.threshold != nil else { return nil }
        return trust.present(of: try await TrustLedger(journal).rotations())?.number ?? trust.rotation.number
    }

    /// Read without touching anything; on a host on which nothing has run yet there is none.
    private func recordedTrust() throws(JournalError) -> any HostTrustMemory {
        do {
            return TrustLedger(try Journal.openReadOnly(at: configuration.journalFile))
        } catch {
            guard error.kind == .missing else { throw error }
            return NothingAccepted()
        }
    }
}

/// All that a host remembers of whom it believed.
typealias HostTrustMemory = TrustMemory & FreshnessMemory & RotationMemory

/// The memory of a host that has none.
private struct NothingAccepted: HostTrustMemory {
    func acceptedCommit() -> AcceptedCommit? { nil }
    func acceptances() -> [LocalAcceptance] { [] }
    func record(_ accepted: AcceptedCommit) {}
    func freshness() -> BranchFreshness? { nil }
    func record(_ freshness: BranchFreshness) {}
    func rotations() -> [SignerRotation] { [] }
    func record(_ rotation: SignerRotation) {}
    func record(_ offer: SignerOffer?) {}
}
