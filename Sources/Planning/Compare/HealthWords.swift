internal import Model

/// Words for health checks.
enum HealthWords {
    static func changes(from old: HealthPlan?, to new: HealthPlan?) -> [FieldChange] {
        switch (old, new) {
        case (nil, let after?): [.added("health check", after.check.words)]
        case (let before?, nil): [.removed("health check", before.check.words)]
        case (let before?, let after?): changes(from: before, to: after)
        case (nil, nil): []
        }
    }

    private static func changes(from old: HealthPlan, to new: HealthPlan) -> [FieldChange] {
        let fields: [(String, String, String)] = [
            ("check", old.check.words, new.check.words),
            ("interval", old.interval.description, new.interval.description),
            ("timeout", old.timeout.description, new.timeout.description),
            ("retries", "\(old.retries)", "\(new.retries)"),
            ("startPeriod", old.startPeriod.description, new.startPeriod.description),
            ("restart", "\(old.restart)", "\(new.restart)"),
        ]
        return fields.filter { $0.1 != $0.2 }.map { .changed("health \($0)", $1, $2) }
    }
}
