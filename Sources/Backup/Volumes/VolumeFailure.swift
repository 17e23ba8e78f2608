public import Files
internal import Model

/// A data directory of the plan that a run lacks.
public struct VolumeFailure: Hashable, Sendable {
    /// Of the data directory.
    public let name: String
    /// After the name: `missing: …` or `not saved: …`. It stands in the manifest, which everybody reads who can read the
    /// storage: no name of a file, nothing that a command said.
    public let reason: String
    /// The end of what the programs said, for people on this host; it may quote a secret.
    public private(set) var said: String
    /// What to do next.
    public let hint: String
    /// Another try may do.
    public let mayPass: Bool

    init(_ name: String, _ reason: String, said: String = "", hint: String, mayPass: Bool = true) {
        self.name = name
        self.reason = reason
        self.said = said
        self.hint = hint
        self.mayPass = mayPass
    }

    init(_ name: String, notSaved error: HostError) {
        self.init(
            name, "not saved: it cannot be prepared for the copy", said: error.message,
            hint: error.hint.isEmpty ? Self.next : error.hint, mayPass: error.mayPass)
    }

    static let next = "correct what the message names or the volume's 'backup' in the plan, then 'fairlead backup now'"

    /// With other words of what the programs said.
    public func saying(_ said: String) -> Self {
        var failure = self
        failure.said = said
        return failure
    }

    /// `'db' not saved: …`, for people on this host.
    public var words: String { "'\(name)' \(reason)" + (said.isEmpty ? "" : ": \(said)") }
}

extension HostError {
    /// Nothing is left to make a run of.
    init(nothingSaved failures: [VolumeFailure]) {
        self.init(
            "no data directory could be saved: " + failures.map(\.words).joined(separator: "; "),
            hint: failures.first?.hint ?? "", disposition: .transient)
    }

    /// A stack that moves needs all of its data.
    public init(lastBackupLacks failures: [VolumeFailure]) {
        self.init(
            "the last backup would be incomplete: " + failures.map(\.words).joined(separator: "; "),
            hint: failures.first?.hint ?? "", disposition: .transient)
    }
}
