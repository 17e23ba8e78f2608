internal import HostSystem
internal import Model

/// How this host stands.
struct StatusReport: Report {
    enum State: String, Codable, Sendable {
        /// The deployed plan counts; whether its containers run is said of each.
        case deployed
        /// Nothing counts as deployed.
        case containerless
        /// A deployment runs now, or was cut off.
        case deploying
    }

    struct Deployed: Codable, Hashable, Sendable {
        var stack: String
        var version: String
        var commit: CommitSummary
        var deployment: Int64
        var since: ReportTime?
    }

    struct Container: Codable, Hashable, Sendable {
        var name: String
        /// The engine's word, or `missing`.
        var state: String
        var image: String?
        /// Whose signature the image had; absent where none was demanded when it was brought.
        var signer: String?
        var restarts: Int?
        /// As last checked; absent when it never was.
        var health: Health?
    }

    /// How a container was found, by the health check or a deployment's health gate, whichever looked last.
    struct Health: Codable, Hashable, Sendable {
        enum State: String, Codable, Sendable {
            case healthy, starting, failing
            /// What it depends on fails.
            case consequence
            /// It ran, and neither its plan nor its image says how it is asked.
            case unchecked = "no check"
        }

        var state: State
        var checked: ReportTime
        var reason: String?
        /// Nobody asks again: no health check is scheduled. Absent otherwise.
        var once: Bool?
    }

    /// Who works on this host.
    struct Lock: Codable, Hashable, Sendable {
        var command: String
        var process: Int32
        var since: ReportTime
    }

    /// One difference between what runs and what was deployed.
    struct Drift: Codable, Hashable, Sendable {
        /// A container, or the stack's network.
        var subject: String
        var kind: DriftFinding.Kind
        var text: String
        /// When the daemon first saw it; absent until then.
        var since: ReportTime?
    }

    struct Running: Codable, Hashable, Sendable {
        var deployment: Int64
        var commit: String?
        var step: DeploymentStep?
        var started: ReportTime
        /// No process works on it: it was killed, or the host went down.
        var cutOff: Bool
    }

    struct Tip: Codable, Hashable, Sendable {
        var commit: CommitSummary
        var seen: ReportTime
        var verdict: CommitRecord.Verdict
        var note: String?
    }

    struct Poll: Codable, Hashable, Sendable {
        var reached: ReportTime?
        var servedBy: String?
        var error: String?
        var failingSince: ReportTime?
        /// Since when a server answers, or none, and no tip came that may be followed.
        var staleSince: ReportTime?
        /// Absent when no daemon runs.
        var next: ReportTime?
    }

    /// How current the branch is, as it was seen last.
    struct Freshness: Codable, Hashable, Sendable {
        /// Whether it is no older than the host wants it.
        var current: Bool
        /// What shows it: `commit` or `heartbeat`; absent when nothing does.
        var form: FreshnessProof.Form?
        var commit: String?
        var signer: String?
        var signed: ReportTime?
        /// When this host saw it first.
        var seen: ReportTime?
        /// Why what the server offered last does not count.
        var fault: String?
    }

    /// A fetch that goes on now.
    struct Fetch: Codable, Hashable, Sendable {
        var since: ReportTime
        /// `waiting`, `asking`, `receiving`, `resolving` or `storing`.
        var phase: String
        /// Of the phase; absent where the whole is not known.
        var percent: Int?
        var bytes: Int64
        /// The same for people.
        var text: String
    }

    struct Failure: Codable, Hashable, Sendable {
        var commit: String
        /// What was tried of the deployed plan, such as `the repair of web`; absent where the commit itself failed.
        var work: String?
        /// The container whose repair it was; absent where it was of anything else.
        var container: String?
        var message: String
        var attempts: Int
        var lastAttempt: ReportTime
        /// Absent: not tried again without `fairlead retry` or a changed plan.
        var nextAttempt: ReportTime?
        /// An operator rolled it back; absent where it failed.
        var takenBack: Bool?
    }

    struct Incident: Codable, Hashable, Sendable {
        var incident: String
        var kind: IncidentRecord.Kind
        var subject: String
        var since: ReportTime
        var reason: String
    }

    /// Mails that wait to be sent.
    struct Mail: Codable, Hashable, Sendable {
        var waiting: Int
        var oldest: ReportTime
        /// Why the newest attempt failed.
        var error: String?
    }

    struct Suspended: Codable, Hashable, Sendable {
        var kind: Suspension.Kind
        var reason: String
        var since: ReportTime
        /// Why the last try to end maintenance failed; absent where none did.
        var failure: String?
    }

    var host: String
    var state: State
    var suspended: Suspended?
    var deployed: Deployed?
    /// Absent unless a deployment that failed is why nothing runs.
    var outage: Outage?
    var running: Running?
    /// Absent when nobody holds the host's lock.
    var lock: Lock?
    var tip: Tip?
    var poll: Poll?
    /// Absent when it is not asked, or was not yet.
    var freshness: Freshness?
    /// Absent where only the configuration says who may sign.
    var signers: SignersSummary?
    /// Absent when the repository is not being fetched.
    var fetch: Fetch?
    var failures: [Failure]
    /// Of the deployed plan, by name; absent when the engine could not be asked.
    var containers: [Container]?
    var engineError: String?
    /// Those that are open.
    var incidents: [Incident]
    /// Absent when no mail waits.
    var unsentMail: Mail?
    /// As it is now; absent when nothing is deployed, during a deployment or maintenance, and when
    /// the engine could not be asked.
    var drift: [Drift]?
    /// The cron jobs that are installed.
    var jobs: [Job]?
    /// Absent when the deployed plan has none.
    var backup: Backup?
    /// A damaged journal that was set aside, in one sentence.
    var journalNote: String?
    /// Why nothing can be recorded, so that nothing is deployed; absent while the state directory can be written.
    var stateError: String?
    /// All of it in one word.
    var verdict = HostVerdict(.whole, [])
}
