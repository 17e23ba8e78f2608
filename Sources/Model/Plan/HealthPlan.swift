/// How Fairlead learns that a container serves.
public struct HealthPlan: Codable, Hashable, Sendable {
    public var check: HealthCheck
    /// Between two checks.
    public var interval: PlanDuration
    /// Of one check.
    public var timeout: PlanDuration
    /// Failed checks in a row, after the start period, that make the container unhealthy.
    public var retries: Int
    /// After the start, during which failures do not count.
    public var startPeriod: PlanDuration
    /// Whether the health-check job restarts the container when this check goes on failing.
    public var restart: Bool

    public init(
        check: HealthCheck, interval: PlanDuration = .seconds(5), timeout: PlanDuration = .seconds(3),
        retries: Int = 12, startPeriod: PlanDuration = .seconds(0), restart: Bool = true
    ) {
        self.check = check
        self.interval = interval
        self.timeout = timeout
        self.retries = retries
        self.startPeriod = startPeriod
        self.restart = restart
    }
}

/// How the health-check job learns that a container is alive: it is restarted when this goes on failing.
public struct LivenessPlan: Codable, Hashable, Sendable {
    public var check: HealthCheck
    /// Of one check.
    public var timeout: PlanDuration

    public init(check: HealthCheck, timeout: PlanDuration = .seconds(3)) {
        self.check = check
        self.timeout = timeout
    }
}

public enum HealthCheck: Codable, Hashable, Sendable {
    /// Healthy when the command, run in the container without a shell, exits with 0.
    case command([String])
    case http(HTTPCheck)
    /// Healthy when the port of the container accepts a connection.
    case tcp(port: UInt16)
    /// None, though the image brings one.
    case off
}

/// Healthy when a GET on the container's own address answers with a status from 200 to 399.
public struct HTTPCheck: Codable, Hashable, Sendable {
    /// The port inside the container.
    public var port: UInt16
    public var path: String
    /// HTTPS; the certificate is not verified, since it is made for the public name.
    public var tls: Bool

    public init(port: UInt16, path: String = "/", tls: Bool = false) {
        self.port = port
        self.path = path
        self.tls = tls
    }
}

extension ContainerPlan {
    /// Whether a check of it says how it is, and not only that it runs. Of a plan that its images completed.
    public var isAsked: Bool { liveness != nil || health.map { $0.check != .off } ?? false }
}
