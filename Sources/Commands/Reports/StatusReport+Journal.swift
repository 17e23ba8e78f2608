internal import Backup
internal import Deploying
internal import Files
internal import GitSource
internal import HostSystem
internal import Jobs
internal import Journal
internal import Model
internal import Reconciling

extension StatusReport {
    /// `engine` is asked for the containers of the deployed stack; its silence is part of the report. `lock`: who held the
    /// host's lock before the journal was read. `jobs`: what cron runs for the stack. `checks`: what the health check last
    /// found. `stateDirectory`: where it and the channels leave what they know.
    init(
        host: String, journal: Journal, engine: any StackInsight, surroundings: any ContainerSurroundings,
        ports: any PortInsight & NetworkInsight, data: any DataInsight,
        lock: LockHolder? = nil, daemon: PollSchedule? = nil, jobs: [Job] = [],
        checks: [String: ContainerCheck] = [:],
        stateDirectory: String
    ) async throws {
        try await self.init(host, journal, lock, daemon, jobs, stateDirectory: stateDirectory)
        if let deployed = try await journal.deployedState() {
            try await add(deployed, journal, engine, surroundings, ports, data, stateDirectory: stateDirectory)
            try await addHealth(checks, journal, of: deployed.startedPlan)
        }
        verdict = HostVerdict(of: self)
    }

    /// Without a look at the stack: only what is recorded.
    init(
        _ host: String, _ journal: Journal, _ lock: LockHolder?, _ daemon: PollSchedule?, _ jobs: [Job],
        stateDirectory: String
    ) async throws {
        let deployed = try await journal.deployedState()
        let unfinished = try await journal.unfinishedDeployment()
        let tip = try await journal.lastSeen()
        self.host = host
        self.jobs = jobs.isEmpty ? nil : jobs
        state = unfinished != nil ? .deploying : deployed != nil ? .deployed : .containerless
        if let hold = try await journal.suspension() {
            suspended = Suspended(kind: hold.kind, reason: hold.reason, since: ReportTime(hold.since))
            suspended?.failure = try await hold.failedEnd(journal)
        }
        running = unfinished.map { Running($0, cutOff: !$0.isWorkedOn(by: lock)) }
        self.lock = lock.map { Lock(command: $0.command, process: $0.process, since: ReportTime($0.since)) }
        self.tip = tip.map(Tip.init)
        poll = try await journal.lastPoll().map(Poll.init)
        if daemon != nil { poll = poll ?? Poll() }
        poll?.next = daemon.map { ReportTime($0.next) }
        fetch = FetchInProgress.ongoing(stateDirectory: stateDirectory).map(Fetch.init)
        failures = try await journal.failures().map(Failure.init)
        if state == .containerless { outage = try await Outage(journal) }
        incidents = try await IncidentRecord.onHost(journal, IncidentSpool(stateDirectory: stateDirectory), limit: nil)
            .map(Incident.init)
        let contents = try HostChannels(stateDirectory: stateDirectory).all.map { try $0.content() }
        unsentMail = Mail(contents, due: try await journal.dueNotifications())
        journalNote = try await journal.lastSetAside()?.description
    }

    private mutating func add(
        _ deployed: DeployedState, _ journal: Journal, _ engine: any StackInsight,
        _ surroundings: any ContainerSurroundings, _ ports: any PortInsight & NetworkInsight,
        _ data: any DataInsight,
        stateDirectory: String
    ) async throws {
        self.deployed = try await Deployed(deployed, journal)
        backup = deployed.desired.plan.backup.map {
            Backup($0, .read(stateDirectory: stateDirectory), drill: .read(stateDirectory: stateDirectory))
        }
        let origins = try await journal.originOfContainers()
        let known = try await journal.openDrift()
        do {
            let observed = try await ObservedStack(
                of: deployed.desired.plan, engine: engine, surroundings: surroundings, ports: ports, data: data,
                origins: origins)
            addContainers(of: deployed, observed)
            if running == nil, suspended?.kind != .maintenance { addDrift(of: deployed, observed, known) }
        } catch {
            engineError = "\(error)"
        }
    }

    /// Of two looks at a container the later one counts. `plan`: with the checks that its images brought.
    private mutating func addHealth(
        _ checks: [String: ContainerCheck], _ journal: Journal, of plan: ResolvedPlan
    ) async throws {
        let start = try await journal.failures().first(where: \.key.isOfBoot)
        // What ran before may have passed; what was made in its place did not.
        let gates = try await journal.lastGates().mapValues { ContainerCheck($0, after: start) }
        let repairs = failures.compactMap { failure in
            failure.container.map { ($0, ContainerCheck(verdict: .failing, failure)) }
        }
        let last = gates.merging(repairs) { $0.time > $1.time ? $0 : $1 }.merging(checks) {
            $0.time > $1.time ? $0 : $1
        }
        containers = containers?.map { container in
            var container = container
            let isAsked = plan.containers[container.name]?.isAsked == true
            container.health = last[container.name].map { Health($0, isAsked: isAsked) }
            if container.health?.state == .healthy, plan.maintenance?.healthcheck == nil {
                container.health?.once = true
            }
            return container
        }
    }

    private mutating func addContainers(of deployed: DeployedState, _ observed: ObservedStack) {
        let plan = deployed.desired.plan
        containers = plan.containers.keys.sorted().map { name in
            let status = observed.container(name, of: plan)
            return Container(
                name: name, state: status?.state.rawValue ?? "missing", image: deployed.image(of: name),
                signer: deployed.images[name]?.signature?.signer, restarts: status?.restarts)
        }
    }

    private mutating func addDrift(of deployed: DeployedState, _ observed: ObservedStack, _ known: [DriftRecord]) {
        drift = DriftComparison(deployed, observed).findings.map { finding in
            let record = known.first { $0.finding.subject == finding.subject && $0.finding.kind == finding.kind }
            return Drift(
                subject: finding.subject, kind: finding.kind, text: finding.text,
                since: record.map { ReportTime($0.found) })
        }
    }
}

extension DeployedState {
    /// For people: the name under which the image was fetched.
    func image(of container: String) -> String? {
        switch desired.plan.image(of: container) {
        case .reference(let reference): reference.description
        case .archive(let archive): archive.url
        case .build(let context): context.path
        case nil: images[container]?.names.first
        }
    }
}

extension StatusReport.Deployed {
    init(_ state: DeployedState, _ journal: Journal) async throws {
        stack = state.desired.plan.stack
        version = state.desired.plan.version
        deployment = state.deployment
        since = try await journal.deployment(id: state.deployment)?.ended.map { ReportTime($0) }
        let commit = try await journal.commits(matching: state.commit.hex).first?.commit
        self.commit = commit.map(CommitSummary.init) ?? CommitSummary(id: state.commit)
    }
}

extension DeploymentRecord {
    /// Whether `holder`, of the host's lock, runs this unfinished deployment: who does took the lock before it began, and whoever
    /// came later does something else.
    func isWorkedOn(by holder: LockHolder?) -> Bool { holder.map { $0.since <= started } ?? false }
}

extension StatusReport.Running {
    fileprivate init(_ record: DeploymentRecord, cutOff: Bool) {
        self.cutOff = cutOff
        deployment = record.id
        commit = record.commit?.hex
        step = record.steps.last?.step
        started = ReportTime(record.started)
    }
}

extension StatusReport.Tip {
    fileprivate init(_ record: CommitRecord) {
        commit = CommitSummary(record.commit)
        seen = ReportTime(record.seen)
        verdict = record.verdict
        note = record.note
    }
}

extension StatusReport.Poll {
    fileprivate init(_ record: PollRecord) {
        reached = record.reached.map { ReportTime($0) }
        servedBy = record.servedBy
        error = record.error
        failingSince = record.failingSince.map { ReportTime($0) }
        staleSince = record.staleSince.map { ReportTime($0) }
    }
}

extension StatusReport.Health {
    fileprivate init(_ check: ContainerCheck, isAsked: Bool) {
        state =
            switch check.verdict {
            case .healthy: isAsked ? .healthy : .unchecked
            case .starting: .starting
            case .failing: .failing
            case .consequence: .consequence
            }
        checked = ReportTime(check.time)
        reason = check.reason.isEmpty ? nil : check.reason
    }
}

extension StatusReport.Fetch {
    fileprivate init(_ fetch: FetchInProgress) {
        since = ReportTime(fetch.since)
        phase = fetch.progress.phase.rawValue
        percent = fetch.progress.percent
        bytes = fetch.progress.bytes
        text = fetch.progress.words
    }
}

extension StatusReport.Incident {
    fileprivate init(_ record: IncidentRecord) {
        incident = record.id
        kind = record.kind
        subject = record.subject
        since = ReportTime(record.since)
        reason = record.events.first?.details.reason ?? ""
    }
}

extension StatusReport.Mail {
    /// `due`: what is not even in the queue, which happens when it cannot be written to.
    fileprivate init?(_ contents: [ChannelContent], due: [DueNotification]) {
        let times = contents.flatMap(\.waiting).map(\.since) + due.map(\.event.time)
        guard let oldest = times.min() else { return nil }
        waiting = times.count
        self.oldest = ReportTime(oldest)
        error = contents.compactMap { $0.lastAttempt?.error }.first { !$0.isEmpty }
    }
}

extension StatusReport.Failure {
    fileprivate init(_ plan: FailedPlan) {
        work = plan.key.work
        container = plan.key.repairedContainer
        commit = plan.commit.hex
        message = plan.message
        attempts = plan.attempts
        lastAttempt = ReportTime(plan.lastAttempt)
        nextAttempt = plan.nextAttempt.map { ReportTime($0) }
        takenBack = plan.takenBack
    }
}

extension ContainerCheck {
    /// How far it came in the deployment that made it; `start` is a start of the whole stack that failed.
    fileprivate init(_ gate: ContainerRecord, after start: FailedPlan?) {
        switch gate.phase {
        case .healthy: self.init(verdict: .healthy, time: gate.time)
        case .failed:
            let line = start.map { LogTail.split($0.message).reason.firstLine } ?? ""
            // Which of several failed first is the one that the error is of.
            let isOwn = line.hasPrefix("container '\(gate.container)' ")
            self.init(verdict: .failing, time: gate.time, reason: isOwn ? line : "")
        case .imageReady, .stopped, .removed, .created, .started: self.init(verdict: .starting, time: gate.time)
        }
    }

    /// What came of a repair.
    fileprivate init(verdict: Verdict, _ failure: StatusReport.Failure) {
        let line = LogTail.split(failure.message).reason.split(separator: "\n").first.map(String.init)
        self.init(verdict: verdict, time: failure.lastAttempt.moment, reason: line ?? "")
    }
}
