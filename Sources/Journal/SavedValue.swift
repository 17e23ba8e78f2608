internal import FoundationEssentials
internal import GRDB
internal import Model

/// A single value of the journal that is replaced as a whole, kept as JSON under its name.
struct SavedValue<Value: Codable & Sendable>: Sendable {
    let name: String

    func read(from database: Database) throws -> Value? {
        try String.fetchOne(database, sql: "SELECT value FROM savedValue WHERE name = ?", arguments: [name])
            .map { try JSONText.decode(Value.self, from: $0, of: name) }
    }

    /// `nil` removes it.
    func write(_ value: Value?, to database: Database) throws {
        guard let value else {
            return try database.execute(sql: "DELETE FROM savedValue WHERE name = ?", arguments: [name])
        }
        try database.execute(
            sql: "INSERT INTO savedValue VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [name, try JSONText.encode(value)])
    }
}

extension SavedValue<DeployedState> {
    static var deployed: Self { Self(name: "deployed state") }
}

extension SavedValue<ResolvedPlan> {
    static var lastDeployed: Self { Self(name: "last deployed plan") }
}

extension SavedValue<Suspension> {
    static var suspension: Self { Self(name: "suspension") }
    static var maintenance: Self { Self(name: "maintenance") }
    static var foreign: Self { Self(name: "foreign machine") }
    static var moved: Self { Self(name: "moved") }

    static func suspension(of kind: Suspension.Kind) -> Self {
        switch kind {
        case .suspended: suspension
        case .maintenance: maintenance
        case .foreign: foreign
        case .moved: moved
        }
    }
}

extension SavedValue<OutgoingMoveRecord> {
    static var outgoingMove: Self { Self(name: "hand-over") }
}

extension SavedValue<IncomingMoveRecord> {
    static var incomingMove: Self { Self(name: "take-over") }
}

extension SavedValue<PollRecord> {
    static var poll: Self { Self(name: "poll") }
}

extension SavedValue<String> {
    static var bootID: Self { Self(name: "boot") }
}

/// Keys of failures, as their text. An older binary does not ask for it.
extension SavedValue<[String]> {
    static var lifted: Self { Self(name: "lifted failures") }
}

extension SavedValue<MachineMark> {
    static var machine: Self { Self(name: "machine") }
}

extension SavedValue<[String: [String: DataMark]]> {
    static var data: Self { Self(name: "data directories") }
}

extension SavedValue<AcceptedCommit> {
    static var acceptedCommit: Self { Self(name: "accepted commit") }
}

extension SavedValue<[LocalAcceptance]> {
    static var acceptances: Self { Self(name: "commits accepted on this host") }
}

extension SavedValue<BranchFreshness> {
    static var freshness: Self { Self(name: "freshness of the branch") }
}

extension SavedValue<[SignerRotation]> {
    static var rotations: Self { Self(name: EvidenceTable.rotations) }
}

extension SavedValue<[OperatorAct]> {
    static var acts: Self { Self(name: EvidenceTable.acts) }
}

extension SavedValue<SignerOffer> {
    static var signerOffer: Self { Self(name: "offered list of signers") }
}

extension SavedValue<SetAsideJournal> {
    static var setAside: Self { Self(name: "damaged journal") }
}

/// Record types as JSON columns.
enum JSONText {
    static func encode(_ value: some Encodable, pretty: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// `subject` names what cannot be understood, in the error.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: String, of subject: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw JournalError(.other, "cannot understand the \(subject) in the journal: \(error)")
        }
    }
}
