import Journal
import Model
import Planning
import Testing

@Suite("Drift in the journal")
struct JournalDriftTests {
    private func finding(_ subject: String, _ text: String = "is missing") -> DriftFinding {
        DriftFinding(subject: subject, kind: .missing, remedy: .replace, text: text)
    }

    @Test("a finding is recorded once while it lasts, and anew when it comes back")
    func once() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        #expect(try await journal.recordDrift([finding("web")]) == [finding("web")])
        #expect(try await journal.recordDrift([finding("web", "is missing still"), finding("db")]) == [finding("db")])
        #expect(try await journal.openDrift().map(\.finding) == [finding("web"), finding("db")])
        #expect(try await journal.recordDrift([finding("db")]) == [])
        #expect(try await journal.openDrift().map(\.finding.subject) == ["db"])
        #expect(try await journal.recordDrift([finding("db"), finding("web")]) == [finding("web")])
        let all = try await journal.drift(limit: 10)
        #expect(all.map(\.finding.subject) == ["web", "db", "web"])
        #expect(all.map { $0.gone == nil } == [true, true, false])
    }

    @Test("the newest deployment that created a container is known")
    func origins() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        for containers in [["web", "database"], ["web"]] {
            let id = try await journal.begin(
                NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: []))
            for name in containers { try await journal.record(.created, container: name, image: nil, of: id) }
            try await journal.record(.removed, container: "database", image: nil, of: id)
        }
        #expect(try await journal.originOfContainers() == ["database": 1, "web": 2])
    }

    @Test(
        "a container that serves only after its deployment passed for that one, and one of which nothing is known for none"
    )
    func passes() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let id = try await journal.begin(NewDeployment(commit: nil, desired: nil, trigger: .drift, changes: []))
        for phase in [ContainerRecord.Phase.created, .started, .failed] {
            try await journal.record(phase, container: "web", image: nil, of: id)
        }
        try await journal.end(id, DeploymentEnd(outcome: .broken, keepsDeployed: true))
        #expect(try await journal.lastGates().mapValues(\.phase) == ["web": .failed])
        try await journal.recordPasses(of: ["web", "database"])
        #expect(try await journal.lastGates().mapValues(\.phase) == ["web": .healthy])
        #expect(try await journal.deployment(id: id)?.containers.last?.phase == .healthy)
    }
}
