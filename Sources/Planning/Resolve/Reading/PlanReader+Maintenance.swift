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

    var mail: MailPlan? {
        root.section("mail").map { cursor in
            let plan = MailPlan(
                from: address(cursor["from"]), to: cursor["to"]?.elements.map(address) ?? [],
                smtp: smtp(cursor["smtp"]), username: cursor["username"]?.text.map(SecretText.init(source:)),
                password: cursor["password"]?.text.map(SecretText.init(source:)))
            checkLogin(of: plan, cursor)
            return plan
        }
    }

    private func address(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if !MailPlan.isAddress(text) {
            cursor.error("'\(text)' is not a mail address", hint: "write an address such as 'ops@acme.example.com'")
        }
        return text
    }

    private func smtp(_ cursor: PlanCursor?) -> String {
        guard let cursor, let text = cursor.text else { return "" }
        if MailServer(text) == nil {
            cursor.error(
                "'smtp' is not the URL of a mail server",
                hint: "write 'smtps://HOST:465', 'smtp://HOST:587' or 'smtp+plain://HOST:25'; credentials go to "
                    + "'username' and 'password'")
        }
        return text
    }

    /// A password must not cross the network readable, and a half of a login is a mistake.
    private func checkLogin(of plan: MailPlan, _ cursor: PlanCursor) {
        switch (plan.username, plan.password) {
        case (nil, nil): break
        case (nil, _): cursor.error("'mail' has a password but no 'username'", hint: "add 'username'")
        case (_, nil):
            cursor.error("'mail' has a user name but no 'password'", hint: "add \"password\": \"${secret:mail}\"")
        default:
            guard MailServer(plan.smtp)?.security == MailServer.Security.none else { break }
            cursor.error(
                "'mail' would send its password unencrypted to the server of 'smtp+plain://'",
                hint: "write 'smtps://HOST:465' or 'smtp://HOST:587', or remove 'username' and 'password'")
        }
    }
}
