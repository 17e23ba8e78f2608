internal import Model

extension PlanReader {
    var maintenance: MaintenancePlan? {
        root["maintenance"].map { cursor in
            MaintenancePlan(
                cleanup: cursor["cleanup"].map(cleanup), healthcheck: cursor["healthcheck"].map(healthcheck))
        }
    }

    private func cleanup(_ cursor: PlanCursor) -> MaintenancePlan.Cleanup {
        MaintenancePlan.Cleanup(
            schedule: schedule(cursor["schedule"]), keep: cursor["keep"]?.written() ?? PlanDuration(milliseconds: 0))
    }

    private func healthcheck(_ cursor: PlanCursor) -> MaintenancePlan.HealthCheck {
        var plan = MaintenancePlan.HealthCheck(schedule: schedule(cursor["schedule"]))
        plan.restartAfter = cursor["restartAfter"]?.integer ?? plan.restartAfter
        plan.restartLimit = cursor["restartLimit"]?.integer ?? plan.restartLimit
        plan.remindAfter = cursor["remindAfter"]?.written() ?? plan.remindAfter
        return plan
    }

    func schedule(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if let problem = CronSchedule.problem(with: text) { cursor.error(problem.message, hint: problem.hint) }
        return text
    }
}
