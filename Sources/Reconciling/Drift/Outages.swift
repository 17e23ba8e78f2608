internal import Deploying
internal import Model

/// Since when what a deployment brings back has been down, as far as looks at the stack and the journal tell.
struct Outages: Sendable {
    typealias Memory = DriftMemory & FailureMemory

    let watch: OutageWatch
    let memory: any Memory
    /// How long the host has been up by now; `nil` where that is unknown.
    let uptime: @Sendable () -> Duration?
    let now: @Sendable () -> Timestamp

    /// When all of the stack was last seen up.
    var wholeSeen: Timestamp? { watch.wholeSeen }

    func forget() { watch.forget() }

    /// Records what lasts of the last look, with what users miss by it. Returns what is new.
    func record(_ findings: [DriftFinding]) async throws -> [DriftFinding] {
        try await memory.recordDrift(watch.told(findings), lastSeen: watch.lastSeen)
    }

    /// Takes in a look that began at `began`.
    func note(_ look: StackObservation, since began: Timestamp) async throws {
        let ended = now()
        let new = watch.see(look, from: began, to: ended)
        // Asked only where something is down: a look is taken with every poll.
        guard !new.isEmpty else { return }
        var past = OutageMemory.Past(
            gates: try await memory.lastPassedGates(), stackUp: try await memory.lastPoll()?.stackUp)
        for record in try await memory.openDrift() where record.finding.kind.stopsService {
            let found = record.finding.effect?.begin?.latest ?? record.found
            past.found[record.finding.subject] = min(found, past.found[record.finding.subject] ?? found)
        }
        if look.booted, let uptime = uptime() {
            past.boot = Timestamp(milliseconds: ended.milliseconds - uptime.components.seconds * 1000)
        }
        watch.begin(new, in: look, until: ended, past)
    }

    /// `request` with since when what it replaces is down, as far as that was seen: the downtime begins there, and not with the
    /// first stop of the deployment.
    func added(to request: DeploymentRequest) -> DeploymentRequest {
        guard request.downBefore == nil, request.replacing?.isEmpty != true else { return request }
        let begins = watch.begins(of: request.replacing)
        guard let first = OutageBegin.first(of: begins.values) else { return request }
        var request = request
        request.downBefore = timeSince(first.latest)
        let plan = request.previous?.state.desired.plan ?? request.desired.plan
        if request.trigger.purpose.followsBoot || begins.count > 1 && begins.count == plan.containers.count {
            let words = request.trigger.purpose.followsBoot ? first.bootWords : first.words
            request.outages = [PlanChange(subject: "stack", kind: .changed, text: words, down: first)]
        } else {
            for (name, begin) in begins.sorted(by: { $0.key < $1.key }) { request.tell(name, begin) }
        }
        return request
    }

    /// Where nothing counts as deployed: the outage goes on that began when a deployment failed here, or when the host that
    /// moved the stack stopped it for its last backup.
    func continueLast(in request: inout DeploymentRequest) async throws {
        if case .last(let run, _) = request.origin {
            request.downBefore = timeSince(run.moment)
        } else if let begin = try await memory.downSince() {
            request.continueOutage(begin, timeSince)
        }
    }

    /// Never negative, whatever the clocks say.
    func timeSince(_ moment: Timestamp) -> Duration { max(.zero, now().since(moment)) }
}

extension DeploymentRequest {
    /// Beside what was found of the container, where that is why it is replaced.
    fileprivate mutating func tell(_ name: String, _ begin: OutageBegin) {
        if trigger.purpose.repairs, let index = changes.firstIndex(where: { $0.subject == name }) {
            changes[index].text += "; \(begin.words)"
            changes[index].down = begin
        } else {
            outages.append(PlanChange(subject: name, kind: .changed, text: begin.words, down: begin))
        }
    }
}
