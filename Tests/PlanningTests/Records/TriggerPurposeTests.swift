import Model
import Testing

@Suite("What follows from why a deployment ran")
struct TriggerPurposeTests {
    private typealias Trigger = DeploymentTrigger
    private typealias Purpose = DeploymentTrigger.Purpose

    private static func triggers(_ isTrue: (Purpose) -> Bool) -> Set<Trigger> {
        Set(Trigger.allCases.filter { isTrue($0.purpose) })
    }

    @Test("every trigger starts one plan, or none")
    func plans() {
        #expect(Self.triggers { $0.plan == .committed } == [.commit, .hotfix, .retry, .recovery, .manual])
        #expect(Self.triggers { $0.plan == .deployed } == [.boot, .restart, .maintenance])
        #expect(Self.triggers { $0.plan == .deployedInPart } == [.drift])
        #expect(Self.triggers { $0.plan == .earlier } == [.rollBack])
        #expect(Self.triggers { $0.plan == .none } == [.teardown])
    }

    @Test("the triggers for which each question is answered with yes")
    func questions() {
        #expect(Self.triggers(\.startsSavedPlan) == [.boot, .restart, .maintenance])
        #expect(Self.triggers(\.repairs) == [.drift])
        #expect(Self.triggers(\.restarts) == [.boot, .restart, .maintenance, .drift])
        #expect(Self.triggers(\.rollsBack) == [.rollBack])
        #expect(Self.triggers(\.startsWhatRan) == [.boot, .restart, .maintenance, .drift, .rollBack])
        #expect(Self.triggers(\.takesDown) == [.teardown])
        #expect(Self.triggers(\.followsBranch) == [.commit, .hotfix, .retry])
        #expect(Self.triggers(\.givesUpLostData) == [.manual])
        #expect(Self.triggers(\.continuesAnother) == [.recovery])
        #expect(Self.triggers(\.mayTouchUnseen) == [.boot, .restart, .maintenance, .recovery, .teardown])
        #expect(Self.triggers(\.followsBoot) == [.boot])
        #expect(Self.triggers(\.endsMaintenance) == [.maintenance])
        #expect(Self.triggers(\.isObvious) == [.commit, .teardown])
    }
}
