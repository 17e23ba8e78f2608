import Incidents
import Logging
import Model
import Synchronization
import TestSupport
import Testing

/// What happens on a host, one after the other.
private enum HostStory: Sendable {
    case opens(IncidentSubject, String)
    case closes(IncidentSubject)
    case notifier(TestNotifier.State)
    case cycle
}

/// A reporter and what it works with, of one host.
private struct ReporterFixture {
    let scratch: Scratch
    let memory = RecordedIncidents()
    let notifier: TestNotifier

    init(before: @escaping @Sendable () async -> Void = {}) throws {
        scratch = try Scratch()
        notifier = TestNotifier(before: before)
    }

    /// Of a process of its own.
    var reporter: IncidentReporter {
        IncidentReporter(
            memory: memory, notifier: notifier, lock: "\(scratch.path)/state/notifications.lock",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(milliseconds: 1_800_000_000_000) })
    }

    func details(_ reason: String) -> IncidentDetails {
        IncidentDetails(reason: reason, action: "nothing", host: "vsn1")
    }

    func happens(_ story: HostStory) async throws {
        switch story {
        case .opens(let subject, let cause): try await reporter.open(subject, cause: cause, details(cause))
        case .closes(let subject): try await reporter.close(subject, details("well"))
        case .notifier(let state): notifier.state.withLock { $0 = state }
        case .cycle: await reporter.notify()
        }
    }
}

@Suite("S12: an incident is opened, told, updated and closed once", .timeLimit(.minutes(1)))
struct IncidentReporterTests {
    private static let stories: [(rule: String, story: [HostStory], told: [String], recorded: [String]?)] = [
        (
            "what goes on is recorded and told once", [.opens(.stack, "a"), .opens(.stack, "a"), .cycle],
            ["stack: opened 'a'"], nil
        ),
        (
            "another cause is told, and takes the place of the one before", [.opens(.stack, "a"), .opens(.stack, "b")],
            ["stack: opened 'a'", "stack: opened 'b'"],
            ["stack: opened 'a'", "stack: closed 'b'", "stack: opened 'b'"]
        ),
        (
            "an end is told once", [.opens(.stack, "a"), .closes(.stack), .closes(.stack), .cycle],
            ["stack: opened 'a'", "stack: closed 'well'"], nil
        ),
        ("what was not open has no end", [.closes(.stack)], [], nil),
        (
            "what comes back is told again", [.opens(.boot, "a"), .closes(.boot), .opens(.boot, "a")],
            ["boot: opened 'a'", "boot: closed 'well'", "boot: opened 'a'"], nil
        ),
        (
            "one kind's incident does not end another's of the same name",
            [.opens(.stack, "a"), .opens(.drift, "b"), .closes(.drift), .opens(.stack, "a")],
            ["stack: opened 'a'", "stack: opened 'b'", "stack: closed 'well'"], nil
        ),
        (
            "what could not be told is told by the next report of it, once",
            [
                .notifier(.broken), .opens(.backup(.copy), "a"), .notifier(.open), .opens(.backup(.copy), "a"),
                .opens(.backup(.copy), "a"),
            ], ["backup: opened 'a'"], ["backup: opened 'a'"]
        ),
        (
            "what could not be told is told by the next cycle, in its order",
            [.notifier(.broken), .opens(.move, "a"), .closes(.move), .notifier(.open), .cycle, .cycle],
            ["move: opened 'a'", "move: closed 'well'"], nil
        ),
        (
            "of what nobody could be told, nobody is told the end",
            [.notifier(.withoutSettings), .opens(.branch, "a"), .notifier(.open), .closes(.branch), .cycle], [],
            ["branch: opened 'a'", "branch: closed 'well'"]
        ),
    ]

    @Test("each story has its end", arguments: stories.indices)
    func told(index: Int) async throws {
        let (rule, story, told, recorded) = Self.stories[index]
        let host = try ReporterFixture()
        for step in story { try await host.happens(step) }
        #expect(host.notifier.told == told, "\(rule)")
        #expect(host.memory.events == recorded ?? told, "\(rule)")
        #expect(host.memory.dueNotifications().isEmpty, "\(rule)")
        #expect((host.notifier.sent > 0) == !told.isEmpty, "\(rule)")
    }

    @Test("a failed deployment is told where it is news: another plan, or the same one that left the host worse off")
    func deployments() async throws {
        let host = try ReporterFixture()
        for (outcome, plan) in [
            (DeploymentOutcome.refused, "a"), (.refused, "a"), (.containerless, "a"), (.refused, "a"), (.refused, "b"),
        ] {
            let cause = DeploymentCause(outcome: outcome, key: FailureKey(plan))
            try await host.reporter.open(.stack, cause, host.details("\(plan) \(outcome.rawValue)"))
        }
        let containerless = DeploymentOutcome.containerless.rawValue
        #expect(
            host.notifier.told
                == ["stack: opened 'a refused'", "stack: opened 'a \(containerless)'", "stack: opened 'b refused'"])
    }

    @Test("what comes and goes is told three times in its period, the third time with a word on that; all is recorded")
    func recurring() async throws {
        let host = try ReporterFixture()
        let subject = IncidentSubject.container("web")
        for _ in 1...4 {
            try await host.reporter.open(subject, cause: "a", recurring: .seconds(3600), host.details("a"))
            try await host.reporter.close(subject, recurring: .seconds(3600), host.details("well"))
        }
        let both = ["web: opened 'a'", "web: closed 'well'"]
        #expect(host.notifier.told == both + both + ["web: opened 'a'"])
        let last = host.notifier.actions.map { $0.contains("not mailed again for 1h") }
        #expect(last == [false, false, false, false, true])
        #expect(host.memory.events == both + both + both + both)

        try await host.reporter.open(subject, cause: "a", recurring: .seconds(3600), host.details("a"))
        #expect(host.notifier.told.count == 5)
        try await host.reporter.notifyOfLasting(.drift, for: .seconds(3600))
        #expect(host.notifier.told.count == 6, "it stays")
    }

    @Test("a silent end is recorded and not told; its opening was")
    func silent() async throws {
        let host = try ReporterFixture()
        try await host.reporter.open(.signers, cause: "list 1", host.details("list 1"))
        try await host.reporter.close(.signers, silent: true, host.details("counts"))
        #expect(host.notifier.told == ["signers: opened 'list 1'"])
        #expect(host.memory.events.last == "signers: closed 'counts'")
    }

    @Test("all of one kind end, but for those that are kept; other kinds stay")
    func closeAll() async throws {
        let host = try ReporterFixture()
        for subject in [IncidentSubject.stack, .backup(.copy), .backup(.target("nas"))] {
            try await host.reporter.open(subject, cause: "a", host.details("a"))
        }
        let ended = try await host.reporter.closeAll(.backup, but: [.backup(.copy)]) { host.details("\($0) left") }
        #expect(ended == ["backup target nas"])
        #expect(host.notifier.told.last == "backup target nas: closed 'backup target nas left'")
        #expect(try await host.reporter.openSubjects(.backup) == ["backup"])
        #expect(try await host.reporter.isOpen(.stack))
    }

    @Test("what one process is about to tell, another one that reports at the same moment does not tell as well")
    func twoAtOnce() async throws {
        let (queueing, began) = AsyncStream<Void>.makeStream()
        let (gate, opened) = AsyncStream<Void>.makeStream()
        let host = try ReporterFixture {
            began.finish()
            for await _ in gate {}
        }
        async let first: Void = host.reporter.open(.stack, cause: "a", host.details("a"))
        for await _ in queueing {}
        let asked = host.memory.asked
        async let second: Void = host.reporter.notify()
        // It has seen that something is due, and is about to tell it.
        while host.memory.asked == asked { await Task.yield() }
        opened.finish()
        try await first
        await second
        #expect(host.notifier.told == ["stack: opened 'a'"])
        #expect(host.memory.dueNotifications().isEmpty)
    }
}
