extension HealthPlan {
    /// Docker's, for a `HEALTHCHECK` that leaves them open.
    private static let usual = (interval: PlanDuration.seconds(30), timeout: PlanDuration.seconds(30), retries: 3)
    /// An image cannot make a deployment wait for a day.
    private static let longest = PlanDuration.seconds(3600)
    private static let mostRetries = 100

    /// A `HEALTHCHECK` as an image's configuration has it; times in nanoseconds, zero and `nil` for the usual ones.
    ///
    /// `nil` where there is none, where it is switched off, and where it has a form that nobody knows.
    public init?(imageTest: [String], interval: Int64?, timeout: Int64?, startPeriod: Int64?, retries: Int?) {
        let words = Array(imageTest.dropFirst())
        switch (imageTest.first, words.first) {
        case ("CMD", let program?) where !program.isEmpty: self.init(check: .command(words))
        case ("CMD-SHELL", let line?) where !line.isEmpty:
            self.init(check: .command(["/bin/sh", "-c", words.joined(separator: " ")]))
        default: return nil
        }
        self.interval = Self.duration(interval) ?? Self.usual.interval
        self.timeout = Self.duration(timeout) ?? Self.usual.timeout
        self.startPeriod = Self.duration(startPeriod) ?? .seconds(0)
        self.retries = retries.flatMap { $0 > 0 ? min($0, Self.mostRetries) : nil } ?? Self.usual.retries
    }

    private static func duration(_ nanoseconds: Int64?) -> PlanDuration? {
        guard let nanoseconds, nanoseconds > 0 else { return nil }
        return bounded(PlanDuration(milliseconds: max(1, nanoseconds / 1_000_000)))
    }

    /// As far as an image can say it: it waits no longer, whatever its label says.
    package var bounded: HealthPlan {
        var plan = self
        plan.interval = Self.bounded(interval)
        plan.timeout = Self.bounded(timeout)
        plan.startPeriod = Self.bounded(startPeriod)
        plan.retries = min(retries, Self.mostRetries)
        return plan
    }

    static func bounded(_ duration: PlanDuration) -> PlanDuration {
        PlanDuration(milliseconds: min(duration.milliseconds, longest.milliseconds))
    }

    /// `command '/bin/sh -c true', every 30s`.
    public var words: String { "\(check.words), every \(interval)" }
}

extension LivenessPlan {
    /// `HealthPlan.bounded`; no time at all would be no limit.
    package var bounded: LivenessPlan {
        var plan = self
        plan.timeout = HealthPlan.bounded(PlanDuration(milliseconds: max(1, timeout.milliseconds)))
        return plan
    }

    /// `tcp port 5432`.
    public var words: String { check.words }
}

extension HealthCheck {
    /// As people read it: `tcp port 5432`.
    package var words: String {
        switch self {
        case .command(let words): "command \(words.joined(separator: " ").shown)"
        case .http(let http): "\(http.tls ? "https" : "http") port \(http.port) '\(http.path)'"
        case .tcp(let port): "tcp port \(port)"
        case .off: "none"
        }
    }
}
