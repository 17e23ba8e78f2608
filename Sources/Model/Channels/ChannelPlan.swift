/// A way on which people are notified, as a plan has it: what everybody may ask of it without knowing which one it is.
public struct ChannelPlan: Sendable {
    /// The section of the plan, such as `mail`.
    public let key: String
    /// Whom the host talks to for it; `nil` where only a secret names it.
    public let server: NeededHost?
    /// Its texts that may refer to secrets.
    public let credentials: [SecretText]
    /// What is wrong with these, once the secrets are known; never holds a value.
    public let credentialProblems: @Sendable (Secrets) -> [PlanProblem]
    public let programs: [RequiredProgram]
    /// Whether a cron job sends again what could not be sent.
    public let isSentByJob: Bool
    /// What the policy of a VSN does not allow of it.
    package let problems: @Sendable (VSNPolicy) -> [PlanProblem]

    init(
        key: String, server: NeededHost?, credentials: [SecretText], programs: [RequiredProgram], isSentByJob: Bool,
        credentialProblems: @escaping @Sendable (Secrets) -> [PlanProblem],
        problems: @escaping @Sendable (VSNPolicy) -> [PlanProblem]
    ) {
        self.key = key
        self.server = server
        self.credentials = credentials
        self.programs = programs
        self.isSentByJob = isSentByJob
        self.credentialProblems = credentialProblems
        self.problems = problems
    }
}
