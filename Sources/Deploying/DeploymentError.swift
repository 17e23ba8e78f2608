public import Model

/// A deployment cannot go on.
public struct DeploymentError: Actionable, Hashable {
    public let message: String
    public let hint: String
    public let disposition: Disposition
    /// It lasts until somebody mends the host, and is tried again for as long as it takes.
    public let lasts: Bool

    public init(_ message: String, hint: String = "", disposition: Disposition, lasts: Bool = false) {
        self.message = message
        self.hint = hint
        self.disposition = disposition
        self.lasts = lasts
    }

    /// `error` for eyes that may see no secret; a container's log, which it may quote, can hold one.
    init(_ error: any Error, redactedBy secrets: Secrets) {
        let actionable = error as? any Actionable
        self.init(
            secrets.telling(actionable?.message ?? "\(error)"), hint: secrets.telling(actionable?.hint ?? ""),
            disposition: Disposition.of(error), lasts: (error as? DeploymentError)?.lasts ?? false)
    }

    /// Runs `body`; the engine names containers by their ids in its errors, people by their names.
    static func naming(_ id: String, _ name: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as any Actionable where error.message.contains(id) {
            throw DeploymentError(
                error.message.replacing(id, with: name), hint: error.hint.replacing(id, with: name),
                disposition: error.disposition)
        }
    }

    /// With why nothing was started in place of what failed, where `end` says so.
    func explained(by end: DeploymentEnd) -> Self {
        guard end.outcome.standing.failedContainerless, let error = end.error else { return self }
        return Self(error, hint: hint, disposition: disposition, lasts: lasts)
    }

    /// A newer commit asks for something else; the deployment is left to it.
    static let preempted = DeploymentError(
        "a newer commit changes the plan", hint: overtakenHint, disposition: .interrupted)

    /// True until the next deployment begins.
    public static let overtakenHint = "it is deployed next"
}

/// The journal could not be written. Nothing is rolled back for that: the deployment stays without an outcome and is
/// finished by the next start.
struct JournalFailure: Error {
    let underlying: any Error
}

extension Error {
    /// Whether it is a failure of the step, and not of the process that runs it or of its journal.
    var failsStep: Bool { !(self is CancellationError || self is JournalFailure) }
}
