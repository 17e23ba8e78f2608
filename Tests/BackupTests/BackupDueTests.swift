import Backup
import Model
import Testing

@Suite("A backup is due")
struct BackupDueTests {
    private let plan = BackupPlan(recipients: [], targets: ["a": BackupTarget(store: .directory("/m", local: true))])
    /// 2026-11-21 00:00 UTC.
    private let midnight: Int64 = 1_795_219_200_000

    private func moment(_ hours: Double) -> Timestamp { Timestamp(milliseconds: midnight + Int64(hours * 3_600_000)) }

    private func due(_ state: BackupState, at hours: Double, installed: Double = -100, offset: Int64 = 0) -> BackupDue {
        BackupDue(plan, state, installed: moment(installed), now: moment(hours)) { _ in offset }
    }

    private func copied(at hours: Double, failures: Int = 0) -> BackupState {
        let run = failures == 0 ? BackupRunID(at: moment(hours)) : nil
        return BackupState(
            copy: .init(began: moment(hours), ended: moment(hours), run: run, summary: "", failures: failures))
    }

    @Test("J4: at 02:00 of the host's time zone, once, and later where the host was off")
    func schedule() {
        #expect(!due(copied(at: -22), at: 1.9).copies)
        #expect(due(copied(at: -22), at: 2.1).copies)
        #expect(due(copied(at: -22), at: 1.1, offset: 3600).copies)
        #expect(!due(copied(at: 2.1), at: 12).copies)
        #expect(due(copied(at: -70), at: 12).copies)
    }

    @Test("not for a time before there was a stack")
    func installed() {
        #expect(!due(BackupState(), at: 12, installed: 5).copies)
        #expect(due(BackupState(), at: 26.5, installed: 5).copies)
    }

    @Test("J10: at once where the stack was taken over from another host, and then as ever")
    func takenOver() {
        let due = { (state: BackupState) in
            BackupDue(plan, state, hasMovedHere: true, installed: moment(5), now: moment(6)) { _ in 0 }
        }
        #expect(due(BackupState()).copies)
        #expect(!due(copied(at: 5.5)).copies)
    }

    @Test("again after a failure, in growing distances")
    func retries() {
        #expect(!due(copied(at: 2.1, failures: 1), at: 2.15).copies)
        #expect(due(copied(at: 2.1, failures: 1), at: 2.2).copies)
        #expect(!due(copied(at: 2.1, failures: 3), at: 2.3).copies)
        #expect(due(copied(at: 2.1, failures: 50), at: 3.2).copies)
    }

    @Test("once more where a run is incomplete for a reason that may pass, and then with the schedule")
    func incomplete() {
        func incomplete(failures: Int) -> BackupState {
            var state = copied(at: 2.1)
            state.copy?.failures = failures
            state.copy?.incomplete = ["db": "not saved: its dump is empty"]
            return state
        }
        #expect(!due(incomplete(failures: 1), at: 2.15).copies)
        #expect(due(incomplete(failures: 1), at: 2.2).copies)
        #expect(!due(incomplete(failures: 0), at: 2.2).copies)
        #expect(!due(incomplete(failures: 2), at: 12).copies)
        #expect(due(incomplete(failures: 2), at: 26.1).copies)
    }

    @Test("for a target that did not take it, in growing distances")
    func deliveries() {
        var state = copied(at: 2.1)
        #expect(due(state, at: 2.2).delivers)
        state.targets["a"] = .init(began: moment(2.1), ended: moment(2.1), run: nil, summary: "", failures: 2)
        #expect(!due(state, at: 2.2).delivers)
        #expect(due(state, at: 2.4).delivers)
    }

    @Test("at once where the clock was years ahead when the last one was made, and is right again")
    func clockSetBack() {
        #expect(due(copied(at: 50_000), at: 12).copies)
        #expect(due(copied(at: 50_000, failures: 3), at: 12).copies)
        #expect(due(BackupState(), at: 12, installed: 50_000).copies)
        // A clock that is put right by seconds.
        #expect(!due(copied(at: 12.01), at: 12).copies)
        var state = copied(at: 2.1)
        state.targets["a"] = .init(
            began: moment(50_000), ended: moment(50_000), run: nil, summary: "", failures: 2)
        #expect(due(state, at: 2.2).delivers)
    }
}
