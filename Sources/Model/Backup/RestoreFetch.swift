/// What looking for the backups of data directories came to, beside what was fetched.
public struct RestoreFetch: Hashable, Sendable {
    /// Why newer runs were not used.
    public var passedOver: [String]
    /// The data directories that nothing was found for.
    public var unfilled: Set<String>
    /// What of a run could not be brought back although the rest of its data directory was: in words, one for each.
    public var partial: [String]

    public init(passedOver: [String] = [], unfilled: Set<String> = [], partial: [String] = []) {
        self.passedOver = passedOver
        self.unfilled = unfilled
        self.partial = partial
    }
}
