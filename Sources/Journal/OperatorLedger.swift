internal import GRDB
public import Model

/// What operators said of this host's data.
public struct OperatorLedger: Sendable {
    /// Of those, the newest are kept.
    private static let mostActs = 200

    private let journal: Journal

    public init(_ journal: Journal) { self.journal = journal }

    /// The newest first.
    public func acts() async throws(JournalError) -> [OperatorAct] {
        try await journal.read("read what operators said of the data") { try SavedValue.acts.read(from: $0) ?? [] }
    }

    public func record(_ act: OperatorAct) async throws(JournalError) {
        try await journal.write("record what an operator said of the data") { database in
            let known = try SavedValue.acts.read(from: database) ?? []
            try SavedValue.acts.write(Array(([act] + known).prefix(Self.mostActs)), to: database)
        }
    }
}
