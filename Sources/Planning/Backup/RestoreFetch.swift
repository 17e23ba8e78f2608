/// What looking for the backups of data directories came to, beside what was fetched.
public struct RestoreFetch: Hashable, Sendable {
    /// Why newer runs were not used.
    public var passedOver: [String]
    /// The data directories that nothing was found for.
    public var unfilled: Set<String>

    public init(passedOver: [String] = [], unfilled: Set<String> = []) {
        self.passedOver = passedOver
        self.unfilled = unfilled
    }
}
