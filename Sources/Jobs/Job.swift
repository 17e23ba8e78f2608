/// A cron job of Fairlead.
struct Job {
    /// Of its script, its log and its results.
    enum Name: String, CaseIterable {
        case cleanup
        case healthCheck = "health-check"
        case sendMail = "send-mail"
    }

    /// When queued mail is sent.
    static let mailSchedule = "*/5 * * * *"

    let name: Name
    /// Five crontab fields.
    let schedule: String
    let script: JobScript
}
