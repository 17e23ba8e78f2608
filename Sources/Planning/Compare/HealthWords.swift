/// Words for health checks.
enum HealthWords {
    static func changes(from old: HealthPlan?, to new: HealthPlan?) -> [FieldChange] {
        switch (old, new) {
        case (nil, let after?): [.added("health check", words(after.check))]
        case (let before?, nil): [.removed("health check", words(before.check))]
        case (let before?, let after?): changes(from: before, to: after)
        case (nil, nil): []
        }
    }

    private static func changes(from old: HealthPlan, to new: HealthPlan) -> [FieldChange] {
        let fields: [(String, String, String)] = [
            ("check", words(old.check), words(new.check)),
            ("interval", old.interval.description, new.interval.description),
            ("timeout", old.timeout.description, new.timeout.description),
            ("retries", "\(old.retries)", "\(new.retries)"),
            ("startPeriod", old.startPeriod.description, new.startPeriod.description),
            ("restart", "\(old.restart)", "\(new.restart)"),
        ]
        return fields.filter { $0.1 != $0.2 }.map { .changed("health \($0)", $1, $2) }
    }

    static func words(_ check: HealthCheck) -> String {
        switch check {
        case .command(let words): "command \(words.joined(separator: " ").shown)"
        case .http(let http): "\(http.tls ? "https" : "http") port \(http.port) '\(http.path)'"
        case .tcp(let port): "tcp port \(port)"
        case .off: "none"
        }
    }
}
