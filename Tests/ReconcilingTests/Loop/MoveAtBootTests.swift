import LoopSupport
import Model
import Reconciling
import Testing

@Suite("A stack that is down since its host went down, and may be another host's by now", .timeLimit(.minutes(2)))
struct MoveAtBootTests {
    private static let alone = StackFiles.moving(["vsn1": ""])
    private static let whole = ["database": "1", "web": "1"]

    /// One that is down, and whose tip moves its stack.
    private func halted() async throws -> LoopFixture {
        let loop = try await LoopFixture.deployed(Self.alone)
        loop.host.repository.commit(StackFiles.moving(["vsn1": "", "vsn2": "vsn1"]))
        loop.host.engine.halt()
        return loop
    }

    /// A cycle after a boot, which waits by the clock of the test.
    private func boot(_ loop: LoopFixture) async throws -> String {
        try await loop.cycle(.full, boot: "2") { $0.pause = loop.clock.sleep(for:) }
    }

    private func asks(_ loop: LoopFixture) -> Int { loop.host.gitCalls.names.filter { $0 == "remoteTip" }.count }

    @Test("is started when no git server answered for 20 s, asked every second, and not before")
    func away() async throws {
        let loop = try await halted()
        loop.host.repository.setAway(true)
        async let answer = boot(loop)
        for second in 0..<20 {
            // The next question, and the end of the patience.
            try await loop.clock.untilAsleep(2)
            #expect(loop.running == [:] && asks(loop) == second + 1, "after \(second) s")
            loop.clock.advance(by: .seconds(1))
        }
        let said = try await answer
        #expect(said == "threw: the git server does not answer")
        #expect(loop.running == Self.whole)
    }

    @Test("is started when the git server took the question and said nothing for 20 s, and not before")
    func silent() async throws {
        let loop = try await halted()
        loop.host.repository.setSilent(true)
        async let answer = boot(loop)
        for second in 0..<20 {
            try await loop.clock.untilAsleep(1)
            #expect(loop.running == [:] && asks(loop) == 1, "after \(second) s")
            if second == 19 { loop.host.repository.setSilent(false) }
            loop.clock.advance(by: .seconds(1))
        }
        _ = try await answer
        #expect(loop.host.calls.names.contains("start"))
    }

    @Test("is not started when a git server that refused at first says within 20 s that it moved", arguments: [1, 19])
    func late(_ refusals: Int) async throws {
        let loop = try await halted()
        loop.host.repository.setAway(true)
        async let answer = boot(loop)
        for second in 1...refusals {
            try await loop.clock.untilAsleep(2)
            if second == refusals { loop.host.repository.setAway(false) }
            loop.clock.advance(by: .seconds(1))
        }
        let said = try await answer
        #expect(said.hasPrefix("suspended: the stack moves to host 'vsn2'"), "\(said)")
        #expect(!loop.host.calls.names.contains("start"))
        #expect(loop.host.engine.ids == [:])
    }

    @Test(
        "is started at once without a git server where it does not move, or the host did not boot",
        arguments: [(StackFiles.version("1"), "2"), (Self.alone, "1")])
    func unasked(_ files: [String: String], _ boot: String) async throws {
        let loop = try await LoopFixture.deployed(files)
        loop.host.repository.setAway(true)
        loop.host.engine.halt()
        let answer = try await loop.cycle(.full, boot: boot) {
            $0.pause = { Issue.record("it waits for \($0)") }
        }
        #expect(answer == "threw: the git server does not answer")
        #expect(loop.running == Self.whole && asks(loop) == 1)
    }

    @Test("is left alone without a question where it runs already")
    func runs() async throws {
        let loop = try await LoopFixture.deployed(Self.alone)
        loop.host.repository.setAway(true)
        let answer = try await loop.cycle(.full, boot: "2") {
            $0.pause = { Issue.record("it waits for \($0)") }
        }
        #expect(answer == "threw: the git server does not answer")
        #expect(asks(loop) == 1 && !loop.host.calls.names.contains("start"))
    }
}
