import Model
import Testing

@Suite("When an outage began")
struct OutageBeginTests {
    private static let up = Timestamp(milliseconds: 1_796_000_000_000)
    private static let down = Timestamp(milliseconds: 1_796_000_060_000)

    @Test("says what is known of it: the moment, or the two between which it lies")
    func words() {
        #expect(OutageBegin(at: Self.down).words == "down since 2026-11-30T00:54:20Z")
        let begin = OutageBegin(earliest: Self.up, latest: Self.down)
        #expect(begin.words == "last seen up at 2026-11-30T00:53:20Z, down at 2026-11-30T00:54:20Z")
        let boot = "down with its host, which was last seen up at 2026-11-30T00:53:20Z and up again at "
        #expect(begin.bootWords == "\(boot)2026-11-30T00:54:20Z")
    }

    @Test("the longest downtime is told only where the moment is not known")
    func longest() {
        func longest(_ begins: OutageBegin?...) -> Int64? {
            begins.map { PlanChange(subject: "web", kind: .changed, text: "is missing", down: $0) }
                .longestDowntime(5000)
        }
        #expect(longest() == nil && longest(nil) == nil && longest(OutageBegin(at: Self.down)) == nil)
        #expect(longest(nil, OutageBegin(earliest: Self.up, latest: Self.down)) == 65_000)
        // The first that went down is the begin.
        #expect(longest(OutageBegin(at: Self.up), OutageBegin(earliest: Self.up, latest: Self.down)) == nil)
    }

    @Test("a clock that was set back makes no outage shorter than it is known to be")
    func setBack() {
        #expect(OutageBegin(earliest: Self.down, latest: Self.up) == OutageBegin(at: Self.up))
    }

    @Test("an outage that a deployment found, and could not end, goes on from where it began")
    func failedRepair() {
        var record = DeploymentRecord(
            id: 2, commit: nil, version: "1", planDigest: "", trigger: .commit, started: Self.down,
            ended: Self.down, outcome: .containerless)
        record.steps = [StepRecord(step: .tearDown, started: Timestamp(milliseconds: Self.down.milliseconds + 9))]
        #expect(StackOutage([record])?.begin == OutageBegin(at: record.steps[0].started))
        let begin = OutageBegin(earliest: Self.up, latest: Self.down)
        record.changes = [PlanChange(subject: "web", kind: .changed, text: "is missing", down: begin)]
        #expect(StackOutage([record])?.begin == begin && StackOutage([record])?.since == Self.down)
    }
}
