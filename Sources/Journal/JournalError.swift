internal import GRDB
public import Model

/// The journal cannot be opened, read or written.
public struct JournalError: Actionable, Sendable {
    public enum Kind: Sendable, Hashable {
        /// There is no journal yet.
        case missing
        /// Written by a newer version of Fairlead.
        case newer
        /// Written by an older version of Fairlead, and open read-only.
        case older
        case damaged
        /// Another process held it for longer than the busy time-out.
        case busy
        case other
    }

    public let kind: Kind
    public let message: String
    public let hint: String
    public let disposition: Disposition

    init(_ kind: Kind, _ message: String, hint: String = "", disposition: Disposition = .permanent) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.disposition = disposition
    }

    /// `purpose` completes "cannot …".
    init(_ purpose: String, _ error: any Error) {
        switch error {
        case let error as JournalError: self = error
        case let error as DatabaseError: self.init(purpose, error)
        case let error as SystemFailure:
            self.init(.other, "cannot \(purpose): \(error)", hint: error.hint, disposition: .transient)
        default: self.init(.other, "cannot \(purpose): \(error)")
        }
    }

    private init(_ purpose: String, _ error: DatabaseError) {
        // Without the SQL and its arguments: they are noise to an operator.
        let message = "cannot \(purpose): \(error.message ?? "\(error.resultCode)")"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.damaged, message, hint: "restart fairlead: it sets a damaged journal aside and begins a new one")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, message, hint: "another process holds the journal; try again", disposition: .transient)
        case .SQLITE_FULL, .SQLITE_IOERR:
            self.init(
                .other, message, hint: "check the free space and the health of the state directory's disk",
                disposition: .transient)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            self.init(
                .other, message,
                hint: "check that the state directory can be written: run it as root, 'df -i', 'mount', 'dmesg'")
        default: self.init(.other, message)
        }
    }
}

extension Result {
    /// The value, or the failure as a journal error.
    func orJournalError(_ purpose: String) throws(JournalError) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(let error): throw JournalError(purpose, error)
        }
    }
}
