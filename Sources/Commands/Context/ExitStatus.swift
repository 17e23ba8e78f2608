/// What the program's exit status says; a contract that is documented in `docs/cli.md`.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done, or nothing to do. `plan`: no changes. `doctor` and `validate`: no problems.
    case success = 0
    /// It failed, or problems were found.
    case failure = 1
    /// `plan`: deploying would change something.
    case changes = 2
    /// The plan was refused; nothing was touched.
    case refused = 3
    /// The deployment failed after the old stack was stopped, and was rolled back.
    case rolledBack = 4
    /// Nothing was done: suspended, another deployment is running, or a failure is remembered and waits.
    case held = 5
    /// The command line is wrong.
    case usage = 64

    /// `status --exit-code`: nothing is known to be wrong, but not all could be looked at.
    static let unknown = Self.failure
    /// `setup`: something has to be put in place elsewhere first.
    static let incomplete = Self.changes
    /// `status --exit-code`: something goes on, or waits.
    static let waiting = Self.changes
    /// `status --exit-code`: something is wrong.
    static let notWhole = Self.refused
}
