import Testing

@testable import Deploying

@Suite("Containers start and stop in dependency order")
struct StackOrderTests {
    private let dependsOn = ["web": ["app"], "app": ["database", "cache"], "worker": ["database"]]

    @Test("a container starts only when everything it depends on is healthy")
    func startsAfterHealthy() {
        var schedule = StartSchedule(
            dependsOn: dependsOn, starting: ["web", "app", "worker", "database", "cache"])
        #expect(schedule.takeReady() == ["cache", "database"])
        #expect(schedule.takeReady() == [])
        schedule.becameHealthy("database")
        #expect(schedule.takeReady() == ["worker"])
        schedule.becameHealthy("cache")
        #expect(schedule.takeReady() == ["app"])
        #expect(!schedule.allStarted)
        schedule.becameHealthy("app")
        #expect(schedule.takeReady() == ["web"])
        #expect(schedule.allStarted)
    }

    @Test("S2: a hotfixed container does not wait for the rest of the stack, which runs")
    func hotfixStartsAtOnce() {
        var schedule = StartSchedule(
            dependsOn: dependsOn, starting: ["web"], alreadyHealthy: ["app", "worker", "database", "cache"])
        #expect(schedule.takeReady() == ["web"])
        #expect(schedule.allStarted)
    }

    @Test("a container stops after everything that depends on it")
    func stopsInReverse() {
        let groups = stopOrder(of: ["web", "app", "worker", "database", "cache"], dependsOn: dependsOn)
        #expect(groups == [["web", "worker"], ["app"], ["cache", "database"]])
    }

    @Test("containers that no plan knows stop first, and a cycle does not keep anything running")
    func stopsUnknownAndCycles() {
        #expect(stopOrder(of: ["stray", "database"], dependsOn: ["app": ["database"]]) == [["database", "stray"]])
        #expect(stopOrder(of: ["a", "b"], dependsOn: ["a": ["b"], "b": ["a"]]) == [["a", "b"]])
    }
}
