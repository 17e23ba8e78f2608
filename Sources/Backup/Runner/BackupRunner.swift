package import Files
package import HostSystem
package import Model

/// Makes a backup of what is deployed and delivers it; remembers how that went and tells of failures, once each.
package struct BackupRunner: Sendable {
    package let host: HostSystem
    package let journal: any BackupJournal
    package let commits: any BackupCommits
    package let gate: HostGate
    package let incidents: BackupIncidents
    package let clock: @Sendable () -> Timestamp
    /// Hears what an operator should know while it goes on.
    package let tell: @Sendable (String) -> Void

    package init(
        host: HostSystem, journal: any BackupJournal, commits: any BackupCommits, gate: HostGate,
        incidents: BackupIncidents, now: @escaping @Sendable () -> Timestamp, tell: @escaping @Sendable (String) -> Void
    ) {
        self.host = host
        self.journal = journal
        self.commits = commits
        self.gate = gate
        self.incidents = incidents
        self.clock = now
        self.tell = tell
    }

    /// What came of one.
    package struct Result: Sendable {
        /// Absent where only what waited was sent.
        package var sealed: Backups.Sealed?
        package var deliveries: [Backups.Delivery] = []
        /// Of the vendor's files.
        package var releases: [Backups.ReleaseDelivery] = []
        /// Every target has all of it.
        package var isComplete: Bool {
            sealed?.isWhole == true && deliveries.allSatisfy(\.isComplete)
                && releases.allSatisfy { $0.failure == nil && $0.unlocked.isEmpty }
        }
    }

    private var now: Timestamp { clock() }
    package var stateDirectory: String { host.configuration.stateDirectory }
    var backups: Backups { Backups(host: host) }

    /// One backup at a time on a host; the error of another one names it.
    package func withExclusion<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let held = try await acquireLock()
        let value = try await body()
        _ = consume held
        return value
    }

    private func acquireLock() async throws -> HostLock {
        try await acquireLock("backup", command: "fairlead backup", else: BackupRunning.init)
    }

    /// The lock `name` of this host. Where another process has it, the error is that which `taken` makes of who has it.
    package func acquireLock(
        _ name: String, command: String, else taken: (HostError) -> any Actionable
    ) async throws -> HostLock {
        let path = "\(host.configuration.runtimeDirectory)/\(name).lock"
        do throws(HostError) {
            return try await HostLock.acquire(at: path, command: command, now: now)
        } catch {
            throw error.mayPass ? taken(error) : error
        }
    }

    /// Copies, seals and delivers. What cannot be delivered now stays in the spool for later.
    package func run() async throws -> Result {
        let deployed = try await deployedState()
        let sealed: Backups.Sealed
        do {
            sealed = try await copy(deployed)
        } catch {
            if !gaveWay(error) { try await incidents.copyFailed(deployed, error) }
            throw error
        }
        let deliveries = try await deliver(deployed)
        return Result(
            sealed: sealed, deliveries: deliveries, releases: try await deliverRelease(deployed, always: true))
    }

    /// A copy that made way for a deployment is made again, and nobody need be told, unless it goes on like that.
    private func gaveWay(_ error: any Error) -> Bool {
        guard (error as? HostError)?.isInterruption == true, !Task.isCancelled else { return false }
        let failures = BackupState.read(stateDirectory: stateDirectory).copy?.failures ?? 0
        return !BackupState.backoff.isLasting(after: failures)
    }

    /// Copies that are begun in one run.
    private static let mostCopies = 3

    /// Copies the vendor's files of the deployed version to the targets that lack them; `always`: also where it failed just
    /// now.
    func deliverRelease(_ deployed: DeployedState, always: Bool = false) async throws -> [Backups.ReleaseDelivery] {
        let plan = deployed.desired.plan
        guard let backup = plan.backup, backup.vendor != nil else { return [] }
        let state = BackupState.read(stateDirectory: stateDirectory)
        let due = state.releaseDue(backup, version: plan.version, now: always ? nil : now)
        guard !due.isEmpty else { return [] }
        let deliveries = await backups.deliverRelease(
            of: plan, to: due, secrets: try await commits.secrets(of: deployed))
        try Task.checkCancellation()
        for delivery in deliveries { try await record(delivery, plan) }
        return deliveries
    }

    private func record(_ delivery: Backups.ReleaseDelivery, _ plan: ResolvedPlan) async throws {
        try remember { state in
            let earlier = state.releases?[delivery.target].flatMap { $0.version == plan.version ? $0.failures : nil }
            let failure = delivery.failure.map { "\($0)".printable }
            state.releases = (state.releases ?? [:]).merging([
                delivery.target: .init(
                    version: plan.version, ended: now, summary: failure ?? delivery.files.counted("file"),
                    failures: failure == nil ? 0 : (earlier ?? 0) + 1)
            ]) { $1 }
        }
        try await incidents.released(delivery, plan)
    }

    /// Brings what waits in the spool to the targets that lack it.
    package func deliver(_ deployed: DeployedState) async throws -> [Backups.Delivery] {
        let plan = deployed.desired.plan
        let began = now
        let deliveries = try await backups.deliver(
            for: plan, secrets: try await commits.secrets(of: deployed), progress: tell)
        for delivery in deliveries { try await record(delivery, began, plan) }
        if try backups.undelivered().isEmpty { try await incidents.nothingWaits(plan) }
        return deliveries
    }

    /// What is saved; an error where nothing is deployed.
    package func deployedState() async throws -> DeployedState {
        guard let deployed = try await journal.deployedState() else { throw NothingDeployed() }
        return deployed
    }

    /// Ends what a kill left: a container that is held, half a copy.
    func recover() async throws {
        guard try backups.hasRemains() else { return }
        try await gate.withExclusion(for: "end a backup that was cut off") { await backups.recover() }
    }

    /// What makes a backup the last one of this host.
    package struct Last: Sendable {
        let successor: Successor
        /// Who can open it beside those of the plan.
        let recipients: [String]
        /// Ends whatever writes the data; it stays so after the copy.
        let stop: @Sendable () async throws -> Void

        package init(
            successor: Successor, recipients: [String], stop: @escaping @Sendable () async throws -> Void
        ) {
            self.successor = successor
            self.recipients = recipients
            self.stop = stop
        }
    }

    /// Copies and seals; `last`: nothing of the stack runs from then on.
    package func copy(_ deployed: DeployedState, last: Last? = nil) async throws -> Backups.Sealed {
        let began = now
        // What a command says may quote a secret.
        let secrets = try? await commits.secrets(of: deployed)
        do {
            await recall(deployed, secrets)
            let copied = try await copyData(deployed, last, began)
            tell(
                "run \(copied.run): copied in \(SpokenDuration.text(milliseconds: now.milliseconds - began.milliseconds))"
            )
            let accepted = try await commits.acceptedCommit()
            let sealed = try await backups.seal(
                copied, for: last?.successor, accepted: accepted, signerList: commits.signerList(),
                journal: journal.head(), now: now
            ).redacted(secrets)
            try remember { $0.add(sealed, began: began, ended: now) }
            try await incidents.copied(deployed, sealed)
            if !copied.gaveWay.isEmpty { try await incidents.gaveWay(copied.gaveWay, deployed.desired.plan) }
            return sealed
        } catch {
            let error = (error as? HostError)?.redacted(secrets) ?? error
            try? remember { state in
                state.copy = .init(
                    began: began, ended: now, run: nil, summary: "\(error)".printable,
                    failures: (state.copy?.failures ?? 0) + 1)
            }
            throw error
        }
    }

    private func copyData(
        _ deployed: DeployedState, _ last: Last?, _ began: Timestamp
    ) async throws -> Backups.Copied {
        if let last {
            return try await gate.withExclusion(for: "copy the data for the last backup") {
                try await last.stop()
                return try await backups.copy(
                    deployed, isStopped: true, opening: last.recipients, now: began, note: tell)
            }
        }
        try await recover()
        for _ in 1..<Self.mostCopies {
            do {
                return try await copyBesideOthers(deployed, began)
            } catch let error as HostError where error == CopyTraffic.gaveWay && !Task.isCancelled {
                tell("\(error.message): it begins again when that is done")
                if try await journal.holdsBackups() { throw error }
            }
        }
        return try await copyBesideOthers(deployed, began)
    }

    /// Waits for whoever acts on the stack, and gives way to who comes later.
    private func copyBesideOthers(_ deployed: DeployedState, _ began: Timestamp) async throws -> Backups.Copied {
        let traffic = gate.traffic
        return try await traffic.during {
            // It may have waited for a deployment.
            let current = try await journal.deployedState()?.deployment
            guard current == deployed.deployment else { throw CopyTraffic.gaveWay }
            return try await backups.copy(deployed, beside: traffic, now: began, note: tell)
        }
    }

    /// Why a last backup of `deployed` would be incomplete; empty when it would not.
    package func lacking(_ deployed: DeployedState) async throws -> [VolumeFailure] {
        await recall(deployed, try? await commits.secrets(of: deployed))
        return try await backups.lacking(deployed)
    }

    /// Before the lock is taken, as a storage may let one wait.
    private func recall(_ deployed: DeployedState, _ secrets: Secrets?) async {
        guard let secrets else { return }
        do {
            try await EarlierRuns(host: host).recall(deployed.desired.plan, secrets: secrets, note: tell)
        } catch {
            tell("what earlier runs hold is not known: \(error)")
        }
    }

    private func record(_ delivery: Backups.Delivery, _ began: Timestamp, _ plan: ResolvedPlan) async throws {
        guard !delivery.delivered.isEmpty || delivery.failure != nil else { return }
        try remember { state in
            let earlier = state.targets[delivery.target]
            let failure = delivery.failure.map { "\($0)".printable }
            state.targets[delivery.target] = .init(
                began: began, ended: now, run: (delivery.delivered + [earlier?.run].compactMap(\.self)).max(),
                summary: failure ?? ByteCount(bytes: delivery.bytes).rounded,
                failures: failure == nil ? 0 : (earlier?.failures ?? 0) + 1)
        }
        try await incidents.delivered(delivery, plan)
    }

    private func remember(_ change: (inout BackupState) -> Void) throws {
        var state = BackupState.read(stateDirectory: stateDirectory)
        change(&state)
        try state.write(stateDirectory: stateDirectory)
    }
}

/// A backup needs a stack.
package struct NothingDeployed: Actionable {
    package init() {}
    package var message: String { "nothing is deployed on this host" }
    package var hint: String { "'fairlead status' shows what stands in the way; 'fairlead reconcile' deploys" }
    package var disposition: Disposition { .transient }
}

/// A host makes one backup at a time.
package struct BackupRunning: Actionable {
    let holder: HostError
    package var message: String { "another backup runs: \(holder.message)" }
    package var hint: String { "wait for its end; 'fairlead status' shows how it went" }
    package var disposition: Disposition { .transient }
}
