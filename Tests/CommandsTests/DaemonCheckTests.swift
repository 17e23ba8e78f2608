import Files
import HostSystem
import Journal
import Model
import Testing

@testable import Commands

@Suite("Doctor and what should run")
struct DaemonCheckTests {
    @Test(
        "the daemon has to run and to start at boot; the advice is the line that mends it",
        arguments: [
            (true, "enabled", HostCheck.Status.ok, ""), (true, nil, .ok, ""), (true, "static", .ok, ""),
            (true, "disabled", .fail, "systemctl enable fairlead"),
            (true, "enabled-runtime", .fail, "systemctl enable fairlead"),
            (true, "masked", .fail, "systemctl unmask fairlead && systemctl enable fairlead"),
            (false, "enabled", .fail, "systemctl start fairlead"),
            (false, "disabled", .fail, "systemctl enable --now fairlead"),
            (false, "masked", .fail, "systemctl unmask fairlead && systemctl enable --now fairlead"),
            (false, nil, .fail, "start 'fairlead run', and have it started at each boot"),
        ] as [(Bool, String?, HostCheck.Status, String)])
    func daemon(runs: Bool, enablement: String?, status: HostCheck.Status, advice: String) {
        let schedule = runs ? PollSchedule(next: Timestamp(milliseconds: 0)) : nil
        let check = DaemonCheck(schedule: schedule, enablement: enablement).check
        #expect(check.status == status, "\(check)")
        #expect(check.advice.joined() == advice)
    }

    @Test("a stack is down when a container does not run, and an operator's hold is no failure")
    func stack() async throws {
        let host = try CommandFixture()
        let commit = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: commit, subject: "Install")
        let plan = try #require(try await host.journal().deployedState()?.desired.plan)
        func check(_ states: ContainerStatus.State...) -> HostCheck {
            StackCheck.check(
                plan,
                states.enumerated().map { index, state in
                    ContainerStatus(
                        id: "\(index)", name: "acme-web", imageID: "sha256:1", state: state,
                        labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"], networks: ["acme"])
                })
        }
        #expect(check(.running).status == .ok)
        #expect(check().status == .fail && check().found == "down: web is missing")
        #expect(check(.exited).found == "down: web is exited")
        #expect(check(.exited, .running).status == .ok && check(.running, .exited).status == .ok)

        func hold(_ kind: Suspension.Kind) -> HostCheck.Status? {
            StackCheck.hold(Suspension(reason: "audit", since: Timestamp(milliseconds: 0), kind: kind))?.status
        }
        #expect(
            hold(.maintenance) == .warn && hold(.moved) == .ok && hold(.foreign) == .fail && hold(.suspended) == nil)
        let hands = StackCheck.check(plan, [], Suspension(reason: "audit", since: Timestamp(milliseconds: 0)))
        #expect(hands.advice.joined() == "nothing is repaired before 'fairlead resume'")
        #expect(StackCheck.check(nil, isSuspended: true).status == .warn)
        #expect(StackCheck.check(nil, isSuspended: false).status == .ok)
    }

    @Test("a deployment that no process works on was cut off: that fails, with what finishes it")
    func cutOff() {
        let start = Timestamp(milliseconds: 5000)
        let running = DeploymentRecord(
            id: 7, commit: nil, version: "1", planDigest: "", trigger: .commit, started: start)
        let maintenance = Suspension(reason: "audit", since: start, kind: .maintenance)
        func check(heldSince since: Int64?, _ suspension: Suspension? = nil) -> HostCheck {
            let holder = since.map {
                LockHolder(process: 1, command: "fairlead run", since: Timestamp(milliseconds: $0))
            }
            return StackCheck.check(running, holder, suspension)
        }
        #expect(check(heldSince: 4000).status == .ok)
        #expect(check(heldSince: 6000).status == .fail && check(heldSince: nil).status == .fail)
        #expect(check(heldSince: nil).advice.joined() == "the daemon, or 'fairlead reconcile', finishes it")
        #expect(check(heldSince: nil, maintenance).advice.joined() == "'fairlead maintenance end' finishes it")
    }

    @Test("nothing runs since a deployment failed: that fails, with since when and why")
    func outage() throws {
        let record = DeploymentRecord(
            id: 1, commit: nil, version: "1.0.0", planDigest: "", trigger: .commit,
            started: Timestamp(milliseconds: 0), outcome: .containerless, error: "it broke\nlog")
        let outage: Outage = try #require(Outage([record], stack: "acme", commits: [:]))
        let check = StackCheck.check(outage, isSuspended: false)
        #expect(check.status == .fail)
        #expect(check.found == "acme is down since 1970-01-01T00:00:00.000Z: it broke")
    }
}
