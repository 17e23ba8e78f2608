import Foundation
import Journal
import Model
import Testing

@Suite("What the loop remembers")
struct JournalMemoryTests {
    @Test("commits are recorded newest first, and the tip is the last seen")
    func seen() async throws {
        let journal = try JournalFixture().open()
        #expect(try await journal.lastSeen() == nil)
        try await journal.recordSeen([Sample.seen(2), Sample.seen(1)])
        try await journal.recordSeen([Sample.seen(3)])
        #expect(try await journal.lastSeen() == Sample.seen(3))
        #expect(try await journal.commits(limit: 10).map(\.commit.time) == [3, 2, 1])
        #expect(try await journal.commits(limit: 1).map(\.commit.time) == [3])
    }

    @Test("a verdict stays when the same tip is recorded again")
    func again() async throws {
        let journal = try JournalFixture().open()
        let id = try await journal.begin(Sample.new(2))
        try await journal.recordSeen([Sample.seen(2), Sample.seen(1)])
        try await journal.setVerdict(.deployed, note: "web: image", deployment: id, of: Sample.commitID(2))
        try await journal.recordSeen([Sample.seen(2), Sample.seen(1)])
        let tip = try #require(try await journal.lastSeen())
        #expect(tip.verdict == .deployed && tip.note == "web: image" && tip.deployment == id)
    }

    @Test("an older commit that is the tip again, after a rewritten branch, is seen anew; others keep their verdict")
    func rewritten() async throws {
        let journal = try JournalFixture().open()
        try await journal.recordSeen([Sample.seen(3), Sample.seen(2), Sample.seen(1)])
        for number in 1...3 {
            try await journal.setVerdict(.deployed, note: nil, deployment: nil, of: Sample.commitID(number))
        }
        try await journal.recordSeen([Sample.seen(2, at: 9000), Sample.seen(1, at: 9000)])
        let tip = try #require(try await journal.lastSeen())
        #expect(tip == (try Sample.seen(2, at: 9000)))
        #expect(try await journal.commits(limit: 9).map(\.verdict) == [.pending, .deployed, .deployed])
    }

    @Test("the verdict of a commit that was never seen is an error")
    func unseen() async throws {
        let journal = try JournalFixture().open()
        await #expect(throws: JournalError.self) {
            try await journal.setVerdict(.refused, note: nil, deployment: nil, of: Sample.commitID(4))
        }
    }

    @Test(
        "commits are found by the begin of their id",
        arguments: [("0000001", 1), ("00000010", 1), ("0", 3), ("f", 0), ("", 0), ("%", 0), ("*", 0)])
    func prefix(prefix: String, matches: Int) async throws {
        let journal = try JournalFixture().open()
        try await journal.recordSeen([Sample.seen(1), Sample.seen(2), Sample.seen(16)])
        #expect(try await journal.commits(matching: prefix).count == matches)
    }

    @Test("a failed plan is remembered, replaced and forgotten")
    func failures() async throws {
        let journal = try JournalFixture().open()
        var failure = FailedPlan(
            key: .plan("d1"), commit: try Sample.commitID(1), disposition: .transient, message: "registry is down",
            attempts: 1, lastAttempt: Timestamp(milliseconds: 5), nextAttempt: Timestamp(milliseconds: 9))
        try await journal.remember(failure)
        failure.attempts = 2
        failure.nextAttempt = nil
        try await journal.remember(failure)
        #expect(try await journal.failure(of: .plan("d1")) == failure)
        failure.key = .boot("d2")
        failure.lastAttempt = Timestamp(milliseconds: 6)
        try await journal.remember(failure)
        #expect(try await journal.failures().map(\.key) == [.boot("d2"), .plan("d1")])
        try await journal.forgetFailures(of: .plan("d1"))
        #expect(try await journal.failures().map(\.key) == [.boot("d2")])
        try await journal.forgetFailures(of: nil)
        #expect(try await journal.failure(of: .boot("d2")) == nil)
    }

    @Test("what an operator lifts is forgotten, and known as lifted until it is tried, or all is forgotten")
    func lifted() async throws {
        let journal = try JournalFixture().open()
        func failure(_ key: FailureKey) throws -> FailedPlan {
            FailedPlan(
                key: key, commit: try Sample.commitID(1), disposition: .permanent, message: "m", attempts: 1,
                lastAttempt: Timestamp(milliseconds: 5), nextAttempt: nil)
        }
        for key in [FailureKey.plan("d1"), .plan("d2")] { try await journal.remember(failure(key)) }
        try await journal.liftFailures()
        #expect(try await journal.failures() == [])
        #expect(try await journal.isLifted(.plan("d1")))
        try await journal.remember(failure(.plan("d1")))
        #expect(try await !journal.isLifted(.plan("d1")))
        #expect(try await journal.isLifted(.plan("d2")))
        try await journal.forgetFailures(of: nil)
        #expect(try await !journal.isLifted(.plan("d2")))
    }

    @Test("a suspension lasts over a restart until it is lifted")
    func suspension() async throws {
        let fixture = try JournalFixture()
        let suspension = Suspension(reason: "disk replacement", since: fixture.clock.now)
        try await fixture.open().suspend(suspension)
        #expect(try await fixture.open().suspension() == suspension)
        try await fixture.open().lift(.suspended)
        #expect(try await fixture.open().suspension() == nil)
    }

    @Test("the end of maintenance does not resume what was suspended before it")
    func maintenance() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let suspension = Suspension(reason: "audit", since: fixture.clock.now)
        let maintenance = Suspension(reason: "new disk", since: fixture.clock.now, kind: .maintenance)
        try await journal.suspend(suspension)
        try await journal.suspend(maintenance)
        #expect(try await fixture.open().suspension() == maintenance)
        try await journal.lift(.maintenance)
        #expect(try await fixture.open().suspension() == suspension)
    }

    @Test("a suspension that an older Fairlead recorded is one")
    func olderSuspension() throws {
        let text = #"{"reason": "audit", "since": 1795256000000}"#
        let suspension = try JSONDecoder().decode(Suspension.self, from: Data(text.utf8))
        #expect(suspension.kind == .suspended)
    }

    @Test("only images that were synced, by their deployment, count as on stable storage")
    func images() async throws {
        let journal = try JournalFixture().open()
        let (one, two, three) = (Sample.image("1").id, Sample.image("2").id, Sample.image("3").id)
        let first = try await journal.begin(Sample.new(1))
        try await journal.record(.imageReady, container: "web", image: Sample.image("2"), of: first)
        #expect(try await journal.imagesOnStableStorage() == [])
        try await journal.storageSynced(for: first)
        let second = try await journal.begin(Sample.new(2))
        try await journal.record(.imageReady, container: "web", image: Sample.image("3"), of: second)
        #expect(try await journal.imagesOnStableStorage() == [two])
        try await journal.end(first, DeploymentEnd(outcome: .deployed, deployed: Sample.deployed(first)))
        #expect(try await journal.imagesOnStableStorage() == [two, one])
        try await journal.forgetImages([one, three])
        #expect(try await journal.imagesOnStableStorage() == [two])
    }

    @Test("the boot in which the stack was last whole is remembered")
    func boots() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        #expect(try await journal.lastBootID() == nil)
        try await journal.setBootID("b1")
        #expect(try await journal.lastBootID() == "b1")
        try await journal.setBootID("b2")
        #expect(try await journal.lastBootID() == "b2")
    }

    @Test("status learns when the repo was last reached and since when it is not")
    func polls() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let start = fixture.clock.now
        try await journal.recordPoll(servedBy: "https://a.example", error: nil)
        #expect(try await journal.lastPoll() == PollRecord(reached: start, servedBy: "https://a.example"))
        for _ in 1...2 {
            fixture.clock.advance(milliseconds: 60_000)
            try await journal.recordPoll(servedBy: nil, error: "timed out")
        }
        let since = Timestamp(milliseconds: start.milliseconds + 60_000)
        #expect(
            try await journal.lastPoll()
                == PollRecord(reached: start, servedBy: "https://a.example", error: "timed out", failingSince: since))
        let up = Timestamp(milliseconds: start.milliseconds + 1)
        try await journal.recordPoll(servedBy: "https://b.example", error: "a.example: timed out", stackUp: up)
        try await journal.recordPoll(servedBy: "https://b.example", error: "a.example: timed out")
        let poll = try #require(try await journal.lastPoll())
        #expect(poll.stackUp == up, "kept by a poll that saw less")
        #expect(
            poll.failingSince == nil && poll.error == "a.example: timed out" && poll.servedBy == "https://b.example")
    }

    @Test("what the data directories were is kept by stack, and replaced as a whole")
    func data() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        #expect(try await journal.rememberedData() == [:])
        let mark = DataMark(
            fileSystem: FileSystemMark(uuid: "aa", source: "nfs4 nas:/data", number: "f", device: .max), inode: .max,
            made: 1, held: true, released: true,
            adopted: DataMark.Adoption(at: Timestamp(milliseconds: 1), from: "inode 1"))
        try await journal.rememberData(["db": mark], of: "acme")
        try await journal.rememberData(["site": mark], of: "other")
        #expect(try await fixture.open().rememberedData() == ["acme": ["db": mark], "other": ["site": mark]])
        try await journal.rememberData([:], of: "acme")
        #expect(try await journal.rememberedData() == ["other": ["site": mark]])
    }
}
