extension PlanReader {
    func health(_ cursor: PlanCursor) -> HealthPlan {
        if cursor.value.string == PlanResolver.none { return HealthPlan(check: .off) }
        var plan = HealthPlan(check: check(cursor))
        plan.interval = cursor["interval"]?.written() ?? plan.interval
        plan.timeout = cursor["timeout"]?.written() ?? plan.timeout
        plan.retries = cursor["retries"]?.integer ?? plan.retries
        plan.startPeriod = cursor["startPeriod"]?.written() ?? plan.startPeriod
        plan.restart = cursor["restart"]?.flag ?? plan.restart
        return plan
    }

    func liveness(_ cursor: PlanCursor) -> LivenessPlan {
        var plan = LivenessPlan(check: check(cursor))
        plan.timeout = cursor["timeout"]?.written() ?? plan.timeout
        return plan
    }

    private func check(_ cursor: PlanCursor) -> HealthCheck {
        let kinds = ["command", "http", "tcp"].filter { cursor[$0] != nil }
        if kinds.count != 1 {
            cursor.log.mismatch("a check with one of 'command', 'http' and 'tcp'", at: cursor.pointer)
        }
        if let command = cursor["command"] { return .command(command.texts) }
        if let http = cursor["http"] {
            return .http(
                HTTPCheck(
                    port: port(http["port"]), path: http["path"]?.text ?? "/", tls: http["tls"]?.flag ?? false))
        }
        return .tcp(port: port(cursor["tcp"]?.value.object == nil ? cursor["tcp"] : cursor["tcp"]?["port"]))
    }

    private func port(_ cursor: PlanCursor?) -> UInt16 {
        guard let cursor, let number = cursor.integer else { return 0 }
        guard let port = UInt16(exactly: number), port > 0 else {
            cursor.error("\(number) is not a port", hint: "write a number from 1 to 65535")
            return 0
        }
        return port
    }
}
