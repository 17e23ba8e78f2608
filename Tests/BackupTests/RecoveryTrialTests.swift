import Files
import Model
import Testing

@testable import Backup
@testable import HostSystem

/// What took a host may have taken one of its storages: its stack must come back all the same.
@Suite("Targets that fail before a first deployment")
struct RecoveryTrialTests {
    private func trial(hasHistory: Bool, findsRuns: Bool, _ disposition: Disposition) -> TargetTrial {
        var trial = TargetTrial(hasHistory: hasHistory)
        trial.findsRuns = findsRuns
        trial.failures = [("nas", "digest", HostError("gone", hint: "look", disposition: disposition))]
        return trial
    }

    @Test("one that is out of reach is excused in a recovery only, one that refuses never")
    func excused() {
        for (hasHistory, findsRuns, disposition, isExcused) in [
            (false, true, .transient, true), (false, true, .permanent, false), (false, false, .transient, false),
            (true, true, .transient, false), (true, false, .permanent, false),
        ] as [(Bool, Bool, Disposition, Bool)] {
            let trial = trial(hasHistory: hasHistory, findsRuns: findsRuns, disposition)
            #expect(trial.excused.map(\.name) == (isExcused ? ["nas"] : []))
            #expect(trial.problems.map(\.message) == (isExcused ? [] : ["gone"]))
        }
    }

    @Test("the way on is told where waiting may help")
    func hints() {
        #expect(
            trial(hasHistory: true, findsRuns: false, .transient).problems.map(\.hint) == [
                "look; or take it out of 'backup.targets' until it is back"
            ])
        #expect(trial(hasHistory: true, findsRuns: false, .permanent).problems.map(\.hint) == ["look"])
    }
}
