/// A service of systemd that reads its settings when it starts.
struct ReadingService: Hashable, Sendable {
    let name: String
    /// What it reads of Fairlead's.
    let file: HostItem
    /// What is in there, for people.
    let setting: String

    static let all = [
        Self(name: "systemd-resolved", file: .resolvedDropIn, setting: "the name servers"),
        Self(name: "systemd-journald", file: .journalDropIn, setting: "the limits"),
    ]
}
