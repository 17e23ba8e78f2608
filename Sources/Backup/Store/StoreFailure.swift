internal import Files
internal import Model
internal import Processes

extension BackupStore {
    /// rclone ended with an error; `purpose` completes "cannot …".
    func failure(_ log: RcloneLog, to purpose: String) -> HostError {
        let known = StoreFailure.known.first { log.mentions($0.signs) }
        return HostError(
            "cannot \(purpose) on backup target '\(name)': \(redacted(log.reason))",
            hint: known?.hint ?? "see the server's own log",
            disposition: known?.disposition ?? .transient)
    }

    /// rclone did not end by itself.
    func failure(of failure: CommandFailure, to purpose: String) -> HostError {
        if case .exited = failure.reason { return self.failure(RcloneLog(tail: failure.tail), to: purpose) }
        let why =
            switch failure.reason {
            case .deadline(let limit): "rclone did not finish within \(limit)"
            case .signalled(let signal): "rclone was ended by signal \(signal)"
            case .outputLimit(let limit): "rclone gave more than \(limit) bytes"
            case .notStarted(let problem): "rclone could not be started: \(problem)"
            case .exited(let status): "rclone exited with status \(status)"
            }
        return HostError(
            "cannot \(purpose) on backup target '\(name)': \(redacted(why))",
            hint: "check that the storage answers, and the network between", disposition: .transient)
    }
}

/// A way in which storages fail, by what rclone then says.
struct StoreFailure {
    let signs: [String]
    let hint: String
    let disposition: Disposition

    static let known = [
        Self(
            ["InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthenticationFailed"],
            "correct the secrets of the target's key"),
        Self(
            ["Proxy Authentication Required", "proxyconnect"],
            "correct 'proxy' in this host's configuration; 'fairlead doctor' asks the proxy", .transient),
        Self(
            [
                "AccessDenied", "Forbidden", "status code: 403", "permission denied", "access denied",
                "Access is denied", "AuthorizationFailure", "AuthorizationPermissionMismatch", "status 403",
            ],
            "give the target's key or user the right to do this, if it is meant to"),
        Self(
            ["unable to authenticate", "401 Unauthorized", "logon is invalid", "bad user name or"],
            "correct the target's user and the secret of its password"),
        Self(["PermanentRedirect", "AuthorizationHeaderMalformed"], "correct 'region' of the target"),
        Self(["RequestTimeTooSkewed"], "set this host's clock right", .transient),
        Self(
            ["NotImplemented", "MethodNotAllowed", "status 405", "status 501"],
            "this server does not do that: where it is about locks, remove 'lock' from the target"),
        Self(
            ["NoSuchBucket", "ContainerNotFound", "directory not found"],
            "correct 'path' of the target, or create the bucket"),
        Self(
            ["bad network name", "share name cannot be found"], "correct 'path' of the target: it begins with the share"
        ),
        Self(
            ["x509:", "tls:", "certificate", "SSL", "server gave HTTP response to HTTPS client"],
            "use the server name that is in its certificate, and 'update-ca-certificates' for an own authority"),
        Self(
            ["no space left", "too big for remaining disk space", "QuotaExceeded", "507 Insufficient"],
            "make room on the storage", .transient),
        Self(
            [
                "connection refused", "no route to host", "network is unreachable", "i/o timeout", "no such host",
                "connection reset", "TLS handshake timeout", "context deadline exceeded", "EOF", "Failed to connect",
                "Could not resolve", "timed out",
            ],
            "check the address of the target, that its server runs, and the network between", .transient),
    ]

    private init(_ signs: [String], _ hint: String, _ disposition: Disposition = .permanent) {
        (self.signs, self.hint, self.disposition) = (signs, hint, disposition)
    }
}
