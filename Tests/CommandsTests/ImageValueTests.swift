import Model
import TestSupport
import Testing

@testable import Commands

@Suite("The plan of a host shows what its images say where it leaves that open (issue 14)")
struct ImageValueTests {
    private static func plan(_ health: HealthPlan? = nil, tag: String = "1") throws -> ResolvedPlan {
        let image = try #require(ImageReference("registry.example.com/acme/web:\(tag)"))
        var web = ContainerPlan(image: .reference(image))
        web.health = health
        return ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": web])
    }

    private static func deployed() throws -> DeployedState {
        var facts = ImageFacts(health: HealthPlan(check: .tcp(port: 80)))
        facts.liveness = LivenessPlan(check: .command(["/alive"]))
        return DeployedState(
            desired: DesiredState(plan: try plan()), commit: CommitID(repeating: "1"), deployment: 7,
            images: ["web": StoredImage(id: "sha256:1", facts: facts)])
    }

    private static func report(_ plan: ResolvedPlan, after deployed: DeployedState?) -> ResolvedPlanReport {
        var report = ResolvedPlanReport(PlanDocument(plan: .object([:]), places: [:]), host: "vsn1")
        report.take(plan, after: deployed)
        return report
    }

    @Test("each value has the pointer that it would have in the plan, and the mark '(image)'")
    func marks() throws {
        let report = Self.report(try Self.plan(), after: try Self.deployed())
        #expect(
            report.fromImages == [
                "/containers/web/health": "tcp port 80, every 5s", "/containers/web/liveness": "command '/alive'",
            ])
        let rows = report.lines(TextStyle()).filter { $0.hasSuffix("(image)") }
        #expect(rows.count == 2 && rows.first?.contains("/containers/web/health") == true, "\(rows)")
    }

    @Test("what the plan says itself, or another image may say, is not told")
    func unknown() throws {
        let own = Self.report(try Self.plan(HealthPlan(check: .tcp(port: 1))), after: try Self.deployed())
        #expect(own.fromImages == ["/containers/web/liveness": "command '/alive'"])
        let off = Self.report(try Self.plan(HealthPlan(check: .off)), after: try Self.deployed())
        #expect(off.fromImages == nil)
        #expect(Self.report(try Self.plan(tag: "2"), after: try Self.deployed()).fromImages == nil)
        #expect(Self.report(try Self.plan(), after: nil).fromImages == nil)
    }
}
