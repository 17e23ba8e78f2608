import Planning
import Testing

@testable import Deploying

@Suite("Which data directories a deployment fills from backups")
struct RestoreChoiceTests {
    private static let conditions: [String: DataCondition] = [
        "gone": .missing, "bare": .empty, "half": .unfinished, "full": .filled,
    ]

    @Test("J9: on a host that runs nothing yet, all that are not filled")
    func newHost() {
        #expect(
            RestoreChoice.about(Self.conditions, inUse: [], trigger: .commit) == .fill(["gone", "bare", "half"]))
    }

    @Test("what a deployed service has emptied stays empty, what it has lost is not replaced unasked")
    func inUse() {
        let conditions = Self.conditions
        #expect(RestoreChoice.about(conditions, inUse: ["bare"], trigger: .commit) == .fill(["gone", "half"]))
        #expect(RestoreChoice.about(conditions, inUse: ["gone", "bare"], trigger: .retry) == .lost(["gone"]))
        #expect(RestoreChoice.about(conditions, inUse: ["gone"], trigger: .recovery) == .lost(["gone"]))
        #expect(
            RestoreChoice.about(conditions, inUse: ["gone", "bare"], trigger: .manual) == .fill(["gone", "half"]))
    }

    @Test(
        "S7: what is only started again fills nothing, and does not start on data that is gone",
        arguments: [.boot, .drift] as [DeploymentTrigger])
    func restarts(trigger: DeploymentTrigger) {
        let inUse: Set = ["gone", "bare", "half", "full"]
        #expect(RestoreChoice.about(Self.conditions, inUse: inUse, trigger: trigger) == .lost(["gone", "half"]))
        #expect(RestoreChoice.about(["bare": .empty, "full": .filled], inUse: inUse, trigger: trigger) == .fill([]))
    }
}
