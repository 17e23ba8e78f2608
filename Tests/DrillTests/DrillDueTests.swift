import Backup
import Drill
import Model
import Testing

@Suite("J10: a backup drill is due")
struct DrillDueTests {
    /// 2026-11-22 00:00 UTC, a Sunday.
    private let sunday: Int64 = 1_795_305_600_000

    private func moment(_ hours: Double) -> Timestamp { Timestamp(milliseconds: sunday + Int64(hours * 3_600_000)) }

    private func last(at hours: Double, failures: Int = 0, mayPass: Bool = false) -> DrillState {
        DrillState(
            .init(began: moment(hours), ended: moment(hours), run: nil, summary: "", failures: failures),
            mayPass: mayPass)
    }

    private func isDue(_ last: DrillState?, at hours: Double, installed: Double = -500, offset: Int64 = 0) -> Bool {
        DrillDue.isDue("0 5 * * 0", last, installed: moment(installed), now: moment(hours)) { _ in offset }
    }

    @Test("at its time in the host's time zone, once, and later where the host was off")
    func schedule() {
        #expect(!isDue(last(at: -160), at: 4.9))
        #expect(isDue(last(at: -160), at: 5.1))
        #expect(isDue(last(at: -160), at: 4.1, offset: 3600))
        #expect(!isDue(last(at: 5.1), at: 100))
        #expect(isDue(last(at: -160), at: 100))
        #expect(isDue(nil, at: 5.1))
    }

    @Test("not for a time before there was a stack")
    func installed() {
        #expect(!isDue(nil, at: 12, installed: 5.5))
        #expect(isDue(nil, at: 24 * 7 + 5.1, installed: 5.5))
    }

    @Test("now, where a clock that was ahead says that the last one is still to come")
    func clockAhead() {
        #expect(isDue(last(at: 8760), at: 12))
        #expect(isDue(last(at: 8760, failures: 1, mayPass: true), at: 12))
        #expect(!isDue(last(at: 12.5), at: 12))
    }

    @Test("again soon after a failure that may pass, some times; after another one at its next time")
    func retries() {
        #expect(!isDue(last(at: 5.1, failures: 1, mayPass: true), at: 5.15))
        #expect(isDue(last(at: 5.1, failures: 1, mayPass: true), at: 5.2))
        #expect(!isDue(last(at: 5.1, failures: 1, mayPass: false), at: 100))
        #expect(isDue(last(at: 5.1, failures: 5, mayPass: true), at: 100))
        #expect(!isDue(last(at: 5.1, failures: 6, mayPass: true), at: 100))
        #expect(isDue(last(at: 5.1, failures: 6, mayPass: true), at: 24 * 7 + 5.1))
    }
}
