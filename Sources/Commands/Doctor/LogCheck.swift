internal import HostSystem
internal import Model

/// Whether what containers write is all there when somebody looks for it.
struct LogCheck {
    private static let name = "logs"

    /// `nil` where nothing is deployed.
    let plan: ResolvedPlan?
    let hasJournal: Bool
    /// `nil` where it cannot be read.
    let journal: JournalConfiguration?
    let policy: VSNPolicy

    init(plan: ResolvedPlan?, policy: VSNPolicy, host: HostSystem) {
        self.init(
            plan: plan, hasJournal: host.hasJournal, journal: try? JournalConfiguration(), policy: policy)
    }

    init(plan: ResolvedPlan?, hasJournal: Bool, journal: JournalConfiguration?, policy: VSNPolicy) {
        self.plan = plan
        self.hasJournal = hasJournal
        self.journal = journal
        self.policy = policy
    }

    var checks: [HostCheck] {
        guard let plan else { return [] }
        let writers = plan.containers.filter {
            ContainerLog($0.value.logs, hasJournal: hasJournal) == .journal
        }.keys.sorted()
        guard hasJournal else { return [withoutJournal] }
        guard !writers.isEmpty, let journal else { return [] }
        if journal.storage.value == "none" { return [keepsNothing(journal)] }
        guard journal.limitsRate else {
            return [.ok(Self.name, "systemd's journal takes every line of a burst from \(writers.quoted)")]
        }
        return [dropping(writers, journal, isSet: plan.hostSettings?.logs != nil)]
    }

    private var withoutJournal: HostCheck {
        .ok(
            Self.name,
            "systemd's journal does not run here: the log of a container is a file, and goes with the container")
    }

    private func keepsNothing(_ journal: JournalConfiguration) -> HostCheck {
        .warn(
            Self.name, "systemd's journal keeps nothing\(place(of: journal.storage)): Storage=none",
            "remove that line and 'systemctl restart systemd-journald'; or \(planLine)")
    }

    private func dropping(_ writers: [String], _ journal: JournalConfiguration, isSet: Bool) -> HostCheck {
        let found =
            "systemd's journal drops most of a burst from \(writers.quoted) without a word: it takes "
            + "\(journal.burst.value) messages in \(journal.interval.value), more where its disk has much room"
        if isSet {
            return .warn(
                Self.name, found + place(of: journal.interval),
                journal.interval.file == nil
                    ? "the plan has 'logs': the next deployment, and the start after a boot, write it again"
                    : "the plan has 'logs', and a later file sets a limit again: remove the lines 'RateLimit…' from it, "
                        + "then 'systemctl restart systemd-journald'")
        }
        guard policy.allowedHostSettings.contains("logs") else { return .warn(Self.name, found, planLine, policyLine) }
        return .warn(Self.name, found, planLine)
    }

    private func place(of setting: JournalConfiguration.Setting) -> String {
        setting.file.map { ", as '\($0)' says" } ?? ""
    }

    private var planLine: String { #"add "logs": {"maximum": "2GiB"} to the plan: docs/logs.md"# }

    private var policyLine: String {
        let names = (policy.allowedHostSettings + ["logs"]).map { "\"\($0)\"" }.joined(separator: ", ")
        return #"and to the configuration of this host: "policy": {"allowedHostSettings": [\#(names)]}"#
    }
}
