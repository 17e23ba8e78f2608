/// A program did not do its work; names the command and the end of what it said.
public struct CommandFailure: Error, CustomStringConvertible, Sendable {
    public enum Reason: Sendable, Hashable {
        /// It could not be started.
        case notStarted(String)
        case exited(Int32)
        case signalled(Int32)
        case deadline(Duration)
        case outputLimit(Int)
    }

    public let command: String
    public let reason: Reason
    /// The end of its standard error.
    public let tail: String

    public var description: String {
        let why =
            switch reason {
            case .notStarted(let problem): "could not be started: \(problem)"
            case .exited(let status): "exited with status \(status)"
            case .signalled(let signal): "was ended by signal \(signal)"
            case .deadline(let limit): "did not finish within \(limit) and was killed"
            case .outputLimit(let limit): "wrote more than \(limit) bytes and was killed"
            }
        return "'\(command)' \(why)" + (tail.isEmpty ? "" : ": \(tail)")
    }
}
