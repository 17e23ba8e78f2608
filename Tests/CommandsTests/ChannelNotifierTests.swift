import Files
import Logging
import Model
import Synchronization
import Testing

@testable import Commands
@testable import HostSystem
@testable import Jobs

@Suite("People are told on every channel")
struct ChannelNotifierTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let due: DueNotification = {
        let details = IncidentDetails(reason: "it broke", action: "nothing", host: "vsn1", stack: "acme")
        let event = IncidentEvent(
            incident: "x", event: .opened, kind: .deployment, subject: "stack", time: Self.now, since: Self.now,
            details: details)
        return DueNotification(id: 1, event: event, commit: nil)
    }()

    private func notifier(_ plan: [TestChannel], owner: TestChannel) -> ChannelNotifier {
        ChannelNotifier(
            host: HostSystem(), setup: ChannelSetup(JobsConfiguration()),
            clock: HostClock(now: { Self.now }, offset: { _ in 0 }), logger: Logger(label: "test"),
            channels: HostChannels(ofPlan: plan, ofOwner: owner))
    }

    @Test("each channel that has settings gets the same words")
    func sameWords() async throws {
        let (mail, hook, unused, owner) = (
            TestChannel("mail"), TestChannel("hook"), TestChannel("unused", .unused), TestChannel("owner mail")
        )
        #expect(try await notifier([mail, hook, unused], owner: owner).queue(due))
        #expect(mail.taken == hook.taken && hook.taken == owner.taken && unused.taken.isEmpty)
        #expect(mail.taken.count == 1 && mail.taken.first?.hasPrefix("[acme@vsn1] stack: it broke\n") == true)
    }

    @Test("a channel that fails keeps nobody from the others, which say so; what one took is not told again")
    func oneFails() async throws {
        let (mail, hook, owner) = (
            TestChannel("mail", .broken), TestChannel("hook"), TestChannel("owner mail", .unused)
        )
        #expect(try await notifier([mail, hook], owner: owner).queue(due))
        #expect(hook.taken.first?.hasSuffix("\nThe mail of the plan could not be queued: no room\n") == true)
        let later = TestChannel("hook", .broken)
        let first = TestChannel("mail")
        #expect(try await notifier([first, later], owner: owner).queue(due))
        #expect(first.taken.count == 1)
        let told = TestChannel("owner mail")
        #expect(try await notifier([mail], owner: told).queue(due))
        #expect(told.taken.first?.hasSuffix("\nThe mail of the plan could not be queued: no room\n") == true)
    }

    @Test("what no channel takes stays due, as does what the owner's does not take; without settings nobody is told")
    func noneTakes() async throws {
        let (broken, unused) = (TestChannel("mail", .broken), TestChannel("owner mail", .unused))
        await #expect(throws: HostError.self) { try await notifier([broken], owner: unused).queue(due) }
        await #expect(throws: HostError.self) { try await notifier([TestChannel("mail")], owner: broken).queue(due) }
        let isQueued = try await notifier([TestChannel("mail", .unused)], owner: unused).queue(due)
        #expect(!isQueued)
    }

    @Test("what the health check told is told on those channels alone that it does not serve")
    func checks() async throws {
        let (mail, hook) = (TestChannel("mail", isServedByCheck: true), TestChannel("hook"))
        let (unused, owner) = (TestChannel("hook", .unused), TestChannel("owner mail", isServedByCheck: true))
        var told = due
        told.isToldByCheck = true
        #expect(try await notifier([mail, hook], owner: owner).queue(told))
        #expect(mail.taken.isEmpty && hook.taken.count == 1 && owner.taken.isEmpty)
        let isQueued = try await notifier([mail, unused], owner: owner).queue(told)
        #expect(!isQueued && mail.taken.isEmpty && owner.taken.isEmpty)
        #expect(try await notifier([mail, hook], owner: owner).hearsOfChecks())
        let hears = try await notifier([mail, unused], owner: owner).hearsOfChecks()
        #expect(!hears)
    }

    @Test("every channel begins to send, also behind one that cannot")
    func sending() async throws {
        let (broken, hook) = (TestChannel("owner mail", .broken), TestChannel("hook"))
        await #expect(throws: HostError.self) { try await notifier([hook], owner: broken).sendSoon() }
        #expect(hook.sendings == 1)
        await #expect(throws: HostError.self) { try await notifier([hook], owner: broken).sendLeftovers() }
        #expect(hook.sendings == 1, "nothing waits")
    }

    @Test("what waits is sent again where nobody has tried for five minutes")
    func leftovers() async throws {
        let entry = ChannelContent.Entry(name: "1", since: Self.now, subject: "s", answers: [])
        func attempt(before seconds: Int64) -> ChannelContent.Attempt {
            let time = Timestamp(milliseconds: Self.now.milliseconds - seconds * 1000)
            return ChannelContent.Attempt(time: time, outcome: .unreachable, error: "no answer")
        }
        let recent = TestChannel("a", content: ChannelContent(waiting: [entry], lastAttempt: attempt(before: 60)))
        let old = TestChannel("b", content: ChannelContent(waiting: [entry], lastAttempt: attempt(before: 600)))
        let untried = TestChannel("c", content: ChannelContent(waiting: [entry]))
        let empty = TestChannel("d", content: ChannelContent(lastAttempt: attempt(before: 600)))
        try await notifier([recent, old, untried], owner: empty).sendLeftovers()
        #expect([recent, old, untried, empty].map(\.sendings) == [0, 1, 1, 0])
    }

    @Test("doctor says of each channel by its name what waits and what was refused, and nothing of an unused one")
    func examined() {
        let old = ChannelContent.Entry(
            name: "1", since: Timestamp(milliseconds: Self.now.milliseconds - 3_600_000), subject: "s", answers: [])
        let channels = HostChannels(
            ofPlan: [
                TestChannel("mail", content: ChannelContent()),
                TestChannel("hook", content: ChannelContent(waiting: [old, old])),
                TestChannel("pager", content: ChannelContent(refused: [old])),
                TestChannel("unused", .unused, content: ChannelContent(isConfigured: false)),
            ], ofOwner: TestChannel("owner mail", .broken))
        let checks = ChannelChecks(channels: channels, now: Self.now).checks
        #expect(
            checks.map { "\($0.name): \($0.status.rawValue): \($0.found)" } == [
                "mail: ok: nothing waits", "hook: fail: 2 notes waiting, for up to 1 h",
                "pager: warn: the server refused 1 note", "owner mail: fail: no room",
            ])
        #expect(checks[1].advice == ["look at hook"])
    }
}

/// A channel that keeps what it is given, or takes nothing.
private final class TestChannel: NotificationChannel {
    enum State { case open, broken, unused }

    let traits: ChannelTraits
    private let state: State
    private let kept: ChannelContent
    private let texts = Mutex<[String]>([])
    private let starts = Mutex(0)

    init(
        _ name: String, _ state: State = .open, content: ChannelContent = ChannelContent(),
        isServedByCheck: Bool = false
    ) {
        traits = ChannelTraits(
            name: name, message: "note", advice: "look at \(name)", isServedByCheck: isServedByCheck)
        self.state = state
        kept = content
    }

    var taken: [String] { texts.withLock { $0 } }
    var sendings: Int { starts.withLock { $0 } }
    var isConfigured: Bool { state != .unused }

    func enqueue(subject: String, body: String, isMinor: Bool) throws(HostError) -> Bool {
        try check()
        guard isConfigured else { return false }
        texts.withLock { $0.append("\(subject)\n\(body)") }
        return true
    }

    func sendSoon() throws(HostError) {
        try check()
        starts.withLock { $0 += 1 }
    }

    func content() throws(HostError) -> ChannelContent {
        try check()
        return kept
    }

    private func check() throws(HostError) {
        if state == .broken { throw HostError("no room") }
    }
}
