internal import Files
internal import Processes

/// Where things lie on this host that its cron jobs, the crontab and the channels work with.
public struct JobsConfiguration: Sendable {
    /// Holds the jobs with what they remember, the queues, and the backups of the crontab.
    package var stateDirectory = "/var/lib/fairlead"
    /// Data directories lie at `DATA-ROOT/STACK/NAME`.
    package var dataRoot = "/srv/fairlead"
    package var runtimeDirectory = "/run/fairlead"
    /// The logs of the cron jobs.
    package var logDirectory = "/var/log/fairlead"
    /// Where the host's own log files lie, for the clean-up job.
    package var systemLogDirectories = ["/var/log", "/run/log"]
    /// Where cron keeps root's crontab; it is changed through `crontab` only.
    package var crontabFile = "/var/spool/cron/crontabs/root"
    /// For programs that are found by name, here and in the cron jobs.
    package var commandPath = Command.plainEnvironment["PATH"] ?? ""
    /// Stands in the headers of generated files.
    package var programVersion = ""
    /// Certificates of the authorities that mail servers are trusted by; the system's when absent.
    package var mailCaFile: String?
    /// Shorter in tests of servers that do not answer.
    package var mailDeadlines = MailDeadlines()

    package init() {}

    /// The absolute path of a program.
    func command(_ name: String) throws(HostError) -> String {
        guard let path = Command.find(name, path: commandPath) else { throw HostError.notInstalled(name) }
        return path
    }

    var jobFiles: JobFiles { JobFiles(stateDirectory: stateDirectory) }

    /// Where things lie, as a script has it: enough for a job that asks the engine for nothing.
    var scriptSettings: JobSettings {
        var settings = JobSettings()
        settings.set("JOB_PATH", commandPath)
        settings.set("STATE_DIRECTORY", stateDirectory)
        settings.set("RUNTIME_DIRECTORY", runtimeDirectory)
        settings.set("LOG_DIRECTORY", logDirectory)
        return settings
    }
}
