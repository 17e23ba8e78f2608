public import Model

/// What a failed deployment is recognised by.
public struct DeploymentCause: Equatable, Sendable {
    let outcome: DeploymentOutcome
    let key: FailureKey

    public init(outcome: DeploymentOutcome, key: FailureKey) {
        self.outcome = outcome
        self.key = key
    }

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let outcome = DeploymentOutcome(rawValue: String(text[..<colon]))
        else { return nil }
        self.outcome = outcome
        key = FailureKey(String(text[text.index(after: colon)...]))
    }

    var text: String { "\(outcome.rawValue):\(key.text)" }

    /// Whether it is news for whoever heard of `earlier`: another plan failed, or the same one left the host worse off.
    /// A plan that is tried again and fails as before is none.
    func isNews(after earlier: Self?) -> Bool {
        guard let earlier, earlier.key == key else { return true }
        return outcome.standing.severity > earlier.outcome.standing.severity
    }
}
