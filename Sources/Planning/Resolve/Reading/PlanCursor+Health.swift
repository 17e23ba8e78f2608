internal import Model

/// The same words in a plan and in a label of an image.
extension PlanCursor {
    func health() -> HealthPlan {
        if value.string == PlanResolver.none { return HealthPlan(check: .off) }
        var plan = HealthPlan(check: check)
        plan.interval = self["interval"]?.written() ?? plan.interval
        plan.timeout = self["timeout"]?.written() ?? plan.timeout
        plan.retries = self["retries"]?.integer ?? plan.retries
        plan.startPeriod = self["startPeriod"]?.written() ?? plan.startPeriod
        plan.restart = self["restart"]?.flag ?? plan.restart
        return plan
    }

    func liveness() -> LivenessPlan {
        var plan = LivenessPlan(check: check)
        plan.timeout = self["timeout"]?.written() ?? plan.timeout
        return plan
    }

    private var check: HealthCheck {
        let kinds = ["command", "http", "tcp"].filter { self[$0] != nil }
        if kinds.count != 1 { log.mismatch("a check with one of 'command', 'http' and 'tcp'", at: pointer) }
        if let command = self["command"] { return .command(command.texts) }
        if let http = self["http"] {
            return .http(
                HTTPCheck(
                    port: http["port"]?.port ?? 0, path: http["path"]?.text ?? "/", tls: http["tls"]?.flag ?? false))
        }
        let tcp = self["tcp"]
        return .tcp(port: (tcp?.value.object == nil ? tcp : tcp?["port"])?.port ?? 0)
    }

    private var port: UInt16 {
        guard let number = integer else { return 0 }
        guard let port = UInt16(exactly: number), port > 0 else {
            error("\(number) is not a port", hint: "write a number from 1 to 65535")
            return 0
        }
        return port
    }
}
