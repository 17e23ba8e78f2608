internal import AsyncHTTPClient
public import Model
internal import NIOCore
internal import NIOPosix
internal import Processes

/// A call to the engine failed.
public struct EngineError: Actionable, Hashable {
    public enum Reason: Hashable, Sendable {
        /// Nothing answers on the socket.
        case unreachable
        /// The engine, or a server it asked, said no; with the status where there is one.
        case refused(status: Int?)
        case timedOut
        /// The answer is not what the API promises.
        case malformed
        /// The caller was cancelled.
        case interrupted
        /// The container ends by itself and is started again faster than the engine takes a stop.
        case crashing
    }

    public let reason: Reason
    public let message: String
    public let hint: String
    public let disposition: Disposition

    init(_ reason: Reason, _ message: String, hint: String = "", disposition: Disposition = .permanent) {
        self.reason = reason
        self.message = message
        self.hint = hint
        self.disposition = disposition
    }

    /// `action` is what was attempted, on what: `start container 'x'`.
    init(_ error: any Error, _ action: String) {
        switch error {
        case let error as EngineError: self = error
        case let failure as CommandFailure: self.init(failure: failure, action)
        case let error as DecodingError:
            self.init(
                .malformed, "cannot \(action): the answer has another form than the API promises: \(error.place)",
                hint: "check the engine's version with 'fairlead doctor'")
        case is CancellationError: self.init(interrupted: action)
        case let error as HTTPClientError where error == .cancelled: self.init(interrupted: action)
        case _ where ConnectionWords.isBusy(error):
            self.init(
                .unreachable, "cannot \(action): the engine is busy: \(ConnectionWords.reason(of: error))",
                hint:
                    "it will be tried again; 'uptime' shows this host's load, 'ps -C podman,netavark -o pid,etime,args' "
                    + "what the engine works on", disposition: .transient)
        default:
            self.init(
                .unreachable, "cannot \(action): \(ConnectionWords.reason(of: error))",
                hint: "check that the engine runs: 'systemctl status podman.socket'", disposition: .transient)
        }
    }

    private init(interrupted action: String) {
        self.init(.interrupted, "cannot \(action): interrupted", disposition: .interrupted)
    }

    static func timedOut(_ action: String, after limit: Duration, silent: Bool) -> EngineError {
        EngineError(
            .timedOut, "cannot \(action): " + (silent ? "nothing arrived for \(limit)" : "not done within \(limit)"),
            hint: "it will be tried again; look at the load of the host and its network", disposition: .transient)
    }
}

extension DecodingError {
    /// Where in the answer it happened, without the answer: that may hold a container's environment.
    var place: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: "/")
            return path.isEmpty ? context.debugDescription : "\(context.debugDescription) at '\(path)'"
        @unknown default: return "not decodable"
        }
    }
}
