import ContainerEngine
import Model
import TestSupport
import Testing

@Suite("Events", .enabled(if: EngineFixture.canRun))
struct EventTests {
    @Test("of a container arrive while they happen, with its labels")
    func follow() async throws {
        try await EngineFixture.with { fixture in
            var spec = try await fixture.spec("event", image: PodmanTestImage("1", command: "/bin/true"))
            spec.labels = [FairleadLabel.container: "event"]
            let engine = fixture.engine
            let id = try await engine.create(spec)
            let seen = try await withThrowingTaskGroup(of: [ContainerEvent].self) { group in
                group.addTask {
                    var events: [ContainerEvent] = []
                    for try await event in engine.events(since: Timestamp(milliseconds: 0)) {
                        events.append(event)
                        if event.action == .died { return events }
                    }
                    return events
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(60))
                    return []
                }
                try await Task.sleep(for: .milliseconds(200))
                try await engine.start(id)
                let first = try await group.next() ?? []
                group.cancelAll()
                return first
            }
            #expect(seen.map(\.action).contains(.create))
            #expect(seen.map(\.action).contains(.start))
            #expect(seen.last?.container == id)
            #expect(seen.first?.labels[FairleadLabel.container] == "event")
        }
    }
}
