internal import Journal
internal import Model

/// Who may sign commits on a host, and who says so.
struct SignersSummary: Codable, Hashable, Sendable {
    /// The number of the list that counts.
    var list: Int
    /// Absent where the list does not say, as one with patterns.
    var persons: [String]?
    /// The file of the configuration, where that is what counts.
    var file: String?
    /// The list as the file would have it, where it came from the repo: written there, it outlives the journal.
    var lines: String?
    /// Who signed the list, where it came from the repo.
    var signedBy: [String]?
    /// When this host accepted it.
    var since: ReportTime?
    /// Why the list after it does not count, where the server has one.
    var offer: String?
}

extension SignersSummary {
    /// `nil` where only the configuration says who may sign.
    init?(_ ledger: TrustLedger, by configuration: VSNConfiguration) async throws {
        let trust = configuration.trust
        guard trust.verifiesCommits, trust.rotation.threshold != nil else { return nil }
        let accepted = try await ledger.rotations()
        let present = PresentSigners(trust, accepted: accepted)
        list = present.rotation?.number ?? trust.rotation.number
        persons = present.persons
        file = present.rotation == nil ? trust.commits.allowedSigners : nil
        lines = present.rotation?.lines
        signedBy = present.rotation?.signers.map(\.person)
        since = present.rotation.map { ReportTime($0.time) }
        offer = try await ledger.signerOffer().flatMap { offer in
            offer.number == trust.rotation.next(after: accepted) ? "list \(offer.number): \(offer.reason)" : nil
        }
    }

    func words(_ style: TextStyle) -> String {
        let origin =
            file.map { "by '\($0)'" }
            ?? "signed by \((signedBy ?? []).joined(separator: " and ")), \(since.map { style.time($0.moment) } ?? "")"
        let text = "list \(list), \(origin): \((persons ?? ["names with patterns"]).joined(separator: ", "))".printable
        return text + (offer.map { "; " + style.warning("\($0)".printable) } ?? "")
    }
}
