import Model
import Testing

@testable import Deploying

@Suite("What a deployment does about the data of before")
struct SnapshotChoiceTests {
    private static let plan: ResolvedPlan = {
        var plan = ResolvedPlan(
            stack: "acme", version: "1", host: "vsn1",
            containers: [
                "database": ContainerPlan(
                    image: .archive(ImageArchive(url: "file:///a.tar", sha256: "00")),
                    volumes: [VolumePlan(source: .data("db"), target: "/db")])
            ])
        plan.backup = BackupPlan(recipients: [], targets: [:])
        return plan
    }()
    private let commit: CommitID
    private let state: DeployedState

    init() throws {
        commit = try #require(CommitID(String(repeating: "a", count: 40)))
        state = DeployedState(desired: DesiredState(plan: Self.plan), commit: commit, deployment: 4, images: [:])
    }

    private func request(
        _ trigger: DeploymentTrigger = .commit, deployed: Bool = true, replacing: Set<String>? = nil,
        recovering steps: [DeploymentStep]? = nil, of unfinished: DeploymentTrigger = .commit
    ) -> DeploymentRequest {
        DeploymentRequest(
            desired: DesiredState(plan: Self.plan), commit: commit, secrets: Secrets(), trigger: trigger,
            previous: deployed ? PreviousStack(state: state, secrets: nil) : nil, replacing: replacing,
            recovering: steps.map { steps in
                DeploymentRecord(
                    id: 5, commit: commit, version: "1", planDigest: "", trigger: unfinished,
                    started: Timestamp(milliseconds: 0),
                    steps: steps.map { StepRecord(step: $0, started: Timestamp(milliseconds: 0)) })
            })
    }

    @Test("a repair that only removes what is in no plan is no downtime")
    func downtime() {
        #expect(request(.drift, replacing: ["database", "old"]).stopsService && request().stopsService)
        #expect(!request(.drift, replacing: ["old"]).stopsService && !request(.drift, replacing: []).stopsService)
        #expect(request(.drift).serves("database") && !request(.drift).serves("old"))
    }

    private func rollBack(
        deployed: Bool = true, recovering steps: [DeploymentStep]? = nil, of unfinished: DeploymentTrigger = .commit
    ) -> DeploymentRequest {
        var request = request(.rollBack, deployed: deployed, recovering: steps, of: unfinished)
        request.restoring = snapshot(4)
        return request
    }

    private func snapshot(_ deployment: Int64, _ origin: DataSnapshot.Origin = .copied) -> DataSnapshot {
        DataSnapshot(
            run: BackupRunID(at: Timestamp(milliseconds: deployment * 1000)), origin: origin, deployment: deployment,
            stack: "acme", state: state)
    }

    private func choice(_ request: DeploymentRequest, _ existing: [DataSnapshot] = []) -> SnapshotChoice {
        SnapshotChoice.about(request, deployment: 6, existing: existing)
    }

    private var taken: SnapshotChoice {
        .take(NewSnapshot(deployment: 6, stack: "acme", state: state, volumes: ["db"]))
    }

    @Test(
        "a copy is made before what is deployed is replaced, for whatever reason",
        arguments: [.commit, .retry, .manual] as [DeploymentTrigger])
    func replaced(trigger: DeploymentTrigger) {
        #expect(choice(request(trigger)) == taken)
        #expect(choice(request(trigger), [snapshot(3), snapshot(5)]) == taken)
    }

    @Test("none is made where nothing is deployed: the newest one is of what ran last")
    func nothingDeployed() { #expect(choice(request(deployed: false)) == .nothing) }

    @Test(
        "none is made where what is deployed is only started again",
        arguments: [.boot, .drift] as [DeploymentTrigger])
    func restarts(trigger: DeploymentTrigger) { #expect(choice(request(trigger)) == .nothing) }

    @Test("none is made where no container stops")
    func hostSide() { #expect(choice(request(replacing: [])) == .nothing) }

    @Test("a deployment that was cut off before anything newer ran is finished with a copy")
    func unfinishedEarly() {
        #expect(choice(request(.recovery, recovering: [.validate, .tearDown])) == taken)
        #expect(choice(request(.recovery, recovering: [.validate, .tearDown]), [snapshot(3)]) == taken)
    }

    @Test("what a newer version may have changed is never taken for the data of before")
    func unfinishedLate() {
        let late = request(.recovery, recovering: [.validate, .tearDown, .create])
        #expect(choice(late, [snapshot(3), snapshot(5)]) == .keep(snapshot(5)))
        #expect(choice(late, [snapshot(3)]) == .nothing)
        // A recovery that was cut off itself: whatever it finished may have run.
        let second = request(.recovery, recovering: [.validate], of: .recovery)
        #expect(choice(second) == .nothing)
        #expect(choice(second, [snapshot(5)]) == .keep(snapshot(5)))
    }

    @Test("data that the cut-off roll back had put back is copied again")
    func unfinishedAfterRollBack() {
        let late = request(.recovery, recovering: [.validate, .tearDown, .create, .rollBack])
        #expect(choice(late, [snapshot(5, .setAside)]) == taken)
    }

    @Test("what a roll back sets aside is of what is deployed, unless something newer may have run on it")
    func owner() {
        func owner(_ request: DeploymentRequest, _ existing: [DataSnapshot]) -> DeployedState? {
            request.owner(ofDataBefore: snapshot(4), existing: existing)
        }
        #expect(owner(rollBack(), [snapshot(3), snapshot(4)]) == state)
        #expect(owner(rollBack(), [snapshot(4), snapshot(5, .setAside)]) == state)
        #expect(owner(rollBack(recovering: [.validate, .tearDown], of: .rollBack), [snapshot(4)]) == state)
        #expect(owner(rollBack(deployed: false), [snapshot(4)]) == nil)
        // A deployment that was cut off after it had started its containers, and a roll back after that which was cut off.
        #expect(owner(rollBack(recovering: [.validate, .tearDown, .create]), [snapshot(4)]) == nil)
        #expect(owner(rollBack(recovering: [.validate, .tearDown], of: .rollBack), [snapshot(4), snapshot(5)]) == nil)
    }
}
