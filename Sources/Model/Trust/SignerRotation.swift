/// A list of signers that this host accepted from the repo, in place of the one in its configuration.
public struct SignerRotation: Codable, Hashable, Sendable {
    public var number: Int
    /// As ssh-keygen reads them.
    public var lines: String
    /// Whom it names.
    public var persons: [String]
    /// Who signed it, of those who were signers until then.
    public var signers: [CommitSigner]
    /// When this host accepted it.
    public var time: Timestamp

    public init(number: Int, lines: String, persons: [String], signers: [CommitSigner], time: Timestamp) {
        self.number = number
        self.lines = lines
        self.persons = persons
        self.signers = signers
        self.time = time
    }

    /// `list 2 of signers, by ada@example.com and grace@example.com: ada@example.com, eve@example.com`.
    public var words: String {
        "list \(number) of signers, signed by \(signers.map(\.person).joined(separator: " and ")): "
            + persons.joined(separator: ", ")
    }
}

/// What the server has of the next list, as it was looked at last.
public struct SignerOffer: Codable, Hashable, Sendable {
    public var number: Int
    /// Why it does not count.
    public var reason: String

    public init(number: Int, reason: String) {
        self.number = number
        self.reason = reason
    }
}

extension TrustSettings {
    /// How the list of signers is replaced from within the repo.
    public struct Rotation: Codable, Hashable, Sendable {
        /// How many of the present signers have to sign a new list; the configuration alone says who may sign when absent.
        public var threshold: Int?
        /// Which list the file in the configuration is: an accepted one counts where its number is higher.
        public var number: Int

        public init(threshold: Int? = nil, number: Int = 0) {
            self.threshold = threshold
            self.number = number
        }

        /// The list that the host asks for.
        public func next(after accepted: [SignerRotation]) -> Int { max(number, accepted.first?.number ?? 0) + 1 }
    }

    /// Which of the accepted lists, the newest first, says who may sign; `nil`: the file in the configuration does.
    public func present(of accepted: [SignerRotation]) -> SignerRotation? {
        guard verifiesCommits, rotation.threshold != nil, let last = accepted.first, last.number > rotation.number
        else { return nil }
        return last
    }
}
