internal import Deploying
internal import Model
internal import Planning

/// Says of a deployment that is to run all that it has to know.
struct RequestWriter: Sendable {
    typealias Memory = ReconcilerJournal & FailureMemory & HostMemory

    let naming: CommitNaming
    let memory: any Memory
    let moves: any IncomingMoveControl
    let outages: Outages
    /// Of this boot of the host.
    let bootID: String

    var reader: CandidateReader { naming.attribution.reader }

    func request(
        for candidate: Candidate, trigger: DeploymentTrigger, deployed: DeployedState?
    ) async throws -> DeploymentRequest {
        let candidate = try await naming.named(candidate, since: deployed)
        let previous = await previousStack(deployed)
        var request = DeploymentRequest(
            desired: candidate.desired, commit: candidate.commit.id, secrets: candidate.secrets, trigger: trigger,
            changes: candidate.changes, previous: previous,
            replacing: try await isPartOfWhole(trigger, deployed) ? candidate.replacing : nil,
            distrustsStoredImages: try await memory.lastBootID() != bootID,
            origin: deployed == nil ? try await moves.incomingMove()?.origin ?? .stack : .stack,
            moves: candidate.moves)
        request.document = try await reader.document(at: candidate.commit.id)
        if deployed == nil { try await outages.continueLast(in: &request) }
        return request
    }

    /// Of what is deployed already.
    func savedRequest(_ deployed: DeployedState, trigger: DeploymentTrigger) async throws -> DeploymentRequest {
        let candidate = try await reader.candidate(at: deployed.commit, deployed: deployed)
        var request = try await request(for: candidate, trigger: trigger, deployed: deployed)
        // The saved plan is what was proven; the commit is read for its secrets only.
        request.desired = deployed.desired
        request.knownImages = deployed.images
        return request
    }

    func previousStack(_ deployed: DeployedState?) async -> PreviousStack? {
        guard let deployed else { return nil }
        return PreviousStack(state: deployed, secrets: await secrets(of: deployed))
    }

    /// Whether the rest of the stack can be left as it is: not when it did not start again after a boot.
    private func isPartOfWhole(_ trigger: DeploymentTrigger, _ deployed: DeployedState?) async throws -> Bool {
        guard trigger.purpose.followsBranch, let deployed else { return false }
        return try await memory.failure(of: .boot(deployed.desired.digest)) == nil
    }

    /// The values that the deployed plan was started with; `nil` when they cannot be read any more.
    private func secrets(of deployed: DeployedState) async -> Secrets? {
        guard !deployed.desired.secretDigests.isEmpty else { return Secrets() }
        guard let tree = try? await reader.source.tree(at: deployed.commit) else { return nil }
        return try? await reader.secrets.secrets(in: tree)
    }
}
