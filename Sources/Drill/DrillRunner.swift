package import Backup
internal import Deploying
internal import Files
internal import HostSystem
package import Model

/// Rehearses a recovery beside the running stack; remembers how that went, and tells of failures, once each.
///
/// It holds no lock that a deployment or a backup waits for, so both go on as if there were no drill.
package struct DrillRunner: Sendable {
    let backups: BackupRunner
    let journal: any DrillJournal
    private let parts: DrillParts

    /// `backups`: those of the same host, whose newest is rehearsed.
    package init(backups: BackupRunner, journal: any DrillJournal, parts: DrillParts) {
        self.backups = backups
        self.journal = journal
        self.parts = parts
    }

    private var host: HostSystem { backups.host }
    private var now: Timestamp { backups.clock() }
    private var area: DrillArea { DrillArea(of: host) }
    private var gate: HostGate { backups.gate }

    /// One drill at a time on a host, begun beside no backup. What an earlier one left is removed before, and what this
    /// one makes after `body`, however that ends.
    package func withExclusion<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let held = try await acquireLock()
        try await backups.withExclusion {}
        try await removeRemains()
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        do {
            try await removeRemains()
        } catch {
            backups.tell("what the drill made is not all removed; the next one, or the daemon, removes it: \(error)")
        }
        _ = consume held
        return try result.get()
    }

    /// Removes what a drill left that was killed; nothing while one runs.
    package func recover() async throws {
        guard let held = try? await acquireLock() else { return }
        try await removeRemains()
        _ = consume held
    }

    /// Whether there is something to recover from, or a drill runs.
    package func hasRemains() -> Bool { (try? area.isLeft()) ?? false }

    private func removeRemains() async throws {
        try await engine(for: nil).removeAll()
        try await area.clear()
    }

    private func acquireLock() async throws -> HostLock {
        try await backups.acquireLock("drill", command: "fairlead backup drill", else: DrillRunning.init)
    }

    /// Starts the deployed stack on its newest backup, removes it again, and tells what came of it. A failure is a
    /// result; what is thrown says that there was no drill.
    package func run() async throws -> DrillResult {
        let deployed = try await backups.deployedState()
        let plan = deployed.desired.plan
        guard plan.backup != nil else {
            throw HostError("the deployed plan has no 'backup'", hint: "add it to 'plan.json'; see docs/backup.md")
        }
        guard !plan.dataNames.isEmpty else {
            throw HostError("the deployed plan has no data directory", hint: "there is nothing to rehearse")
        }
        guard try await journal.unfinishedDeployment() == nil else { throw DrillOvertaken() }
        var result = DrillResult(plan: plan, began: now)
        do {
            try await rehearse(deployed, &result)
        } catch {
            try Task.checkCancellation()
            result.fail(error)
        }
        result.ended = now
        try await removeRemains()
        await removeImages(of: deployed)
        if result.error != nil, try await isOvertaken(deployed) { throw DrillOvertaken() }
        try remember(result)
        try await backups.incidents.drilled(plan, result.error, warnings: result.warnings)
        return result
    }

    private func rehearse(_ deployed: DeployedState, _ result: inout DrillResult) async throws {
        let secrets = try await backups.commits.secrets(of: deployed)
        try await checkMemory(deployed.desired.plan)
        let taken = try await parts.engine.allNetworks().flatMap(\.subnets) + host.interfaceSubnets()
        let drill = DrillPlan(of: deployed.startedPlan, avoiding: taken)
        result.notes = drill.notes
        let area = area
        try await area.prepare()
        let restore = DrillRestore(
            DataRestore(host: area.host, rehearsing: deployed.desired.plan.stack, now: backups.clock))
        defer { result.add(restore.found) }
        let rehearsal = Rehearsal(
            of: deployed, as: drill.plan, secrets: secrets, engine: engine(for: drill),
            host: parts.preparation(area.host),
            restore: restore, data: DrillData(host: area.host),
            trees: parts.trees(area.trees), options: parts.options, note: backups.tell)
        result.add(try await area.watchingSpace { try await rehearsal.run() })
    }

    private func engine(for drill: DrillPlan?) -> DrillEngine {
        DrillEngine(parts.engine, plan: drill) { [host] in
            await host.probe($0, inNetworkOf: $1, timeout: $2)
        }
    }

    /// The services must not run out of memory for a rehearsal.
    private func checkMemory(_ plan: ResolvedPlan) async throws {
        let running = try await parts.engine.containers(label: FairleadLabel.stack, value: plan.stack)
        let needed = running.reduce(0) { $0 + (host.memoryInUse(by: $1)?.bytes ?? 0) }
        guard let available = host.availableMemory(), available.bytes < needed else { return }
        throw HostError(
            "there is no memory for a drill: \(available.rounded) are available, and the running stack uses "
                + ByteCount(bytes: needed).rounded,
            hint: "rehearse on a host with more memory, or at a time when less of it is used", disposition: .transient)
    }

    /// Whether what was rehearsed is not what counts now; its images may have gone in the middle of it.
    private func isOvertaken(_ deployed: DeployedState) async throws -> Bool {
        guard try await journal.unfinishedDeployment() == nil else { return true }
        return try await journal.deployedState()?.deployment != deployed.deployment
    }

    /// A deployment does not remove an image that a container of the drill uses, and has forgotten it since.
    private func removeImages(of deployed: DeployedState) async {
        let gate = HostGate(
            path: gate.path, command: gate.command, patience: .seconds(10), now: gate.now)
        do {
            guard try await !unused(deployed).isEmpty else { return }
            try await gate.withExclusion(for: "remove images that a drill kept") {
                guard try await journal.unfinishedDeployment() == nil else { return }
                for image in try await unused(deployed) { try await parts.engine.removeImage(image, force: false) }
            }
        } catch {
            backups.tell("images of the version before were not all removed: \(error)")
        }
    }

    private func unused(_ deployed: DeployedState) async throws -> [String] {
        guard let current = try await journal.deployedState(), current.deployment != deployed.deployment else {
            return []
        }
        let kept = try await journal.imagesOnStableStorage().union(current.images.values.map(\.id))
        return Set(deployed.images.values.map(\.id)).subtracting(kept).sorted()
    }

    private func remember(_ result: DrillResult) throws {
        let directory = backups.stateDirectory
        let failures = DrillState.read(stateDirectory: directory)?.attempt.failures ?? 0
        let attempt = BackupState.Attempt(
            began: result.began, ended: result.ended, run: result.run, summary: result.summary,
            failures: result.error == nil ? 0 : failures + 1)
        try DrillState(attempt, mayPass: result.error?.mayPass == true).write(stateDirectory: directory)
    }
}

/// A host makes one drill at a time.
package struct DrillRunning: Actionable {
    let holder: HostError
    package var message: String { "another drill runs: \(holder.message)" }
    package var hint: String { "wait for its end; 'fairlead status' shows how it went" }
    package var disposition: Disposition { .transient }
}

/// A deployment changes what would be rehearsed.
package struct DrillOvertaken: Actionable {
    package var message: String { "a deployment began, or was not finished: this is no time for a drill" }
    package var hint: String { "rehearse what is deployed then: 'fairlead backup drill'" }
    package var disposition: Disposition { .transient }
}
