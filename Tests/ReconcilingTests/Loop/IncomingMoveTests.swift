import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("J10: the host that a stack moves to")
struct IncomingMoveTests {
    private static let run = BackupRunID(at: Timestamp(milliseconds: 1_799_000_000_000))
    private static let waits = "waits: the last backup of host 'vsn1' is waited for, 15m at most"
    private static let lacks = "refused: the data of host 'vsn1', which is replaced, is not here, and "

    private func cycle(_ loop: LoopFixture, _ scope: Reconciler.Scope = .poll) async throws -> String {
        try await loop.cycle(scope) { $0.host = "vsn2" }
    }

    @Test(
        "starts at once on the last backup, on its own data or where there is nothing to bring, and waits for what may come",
        arguments: [
            (Inheritance.none, "deployed by commit"), (.own, "deployed by commit"), (.last(run), "deployed by commit"),
            (.noStorage, lacks + "the plan has no backup target"), (.earlier(run, of: "vsn1"), waits),
            (.nothing, waits),
        ])
    func first(_ found: Inheritance, _ end: String) async throws {
        let loop = try LoopFixture(StackFiles.moving(["vsn1": "", "vsn2": "vsn1"]))
        loop.host.moves.storage { $0.inheritance = found }
        #expect(try await cycle(loop, .full) == end)
        #expect(loop.running.isEmpty == (end != "deployed by commit"))
        #expect((loop.host.moves.incoming != nil) == (end == Self.waits))
    }

    @Test(
        "waits no longer than was set, then takes the newest backup; where there is none it starts with nothing",
        arguments: [
            (Inheritance.earlier(run, of: "vsn1"), "deployed by commit"),
            (.nothing, lacks + "no backup target has a run of it"),
        ])
    func waiting(_ found: Inheritance, _ end: String) async throws {
        let loop = try LoopFixture(StackFiles.moving(["vsn1": "", "vsn2": "vsn1"]))
        loop.host.moves.storage { $0.inheritance = .nothing }
        #expect(try await cycle(loop, .full) == Self.waits)
        loop.host.moves.storage { $0.inheritance = found }
        loop.clock.advance(by: .seconds(899))
        #expect(try await cycle(loop) == Self.waits)
        #expect(loop.host.engine.ids == [:])
        loop.clock.advance(by: .seconds(2))
        #expect(try await cycle(loop) == end)
    }

    @Test("goes on as soon as the last backup is there")
    func lastArrives() async throws {
        let loop = try LoopFixture(StackFiles.moving(["vsn1": "", "vsn2": "vsn1"]))
        loop.host.moves.storage { $0.inheritance = .nothing }
        #expect(try await cycle(loop, .full) == Self.waits)
        loop.host.moves.storage { $0.inheritance = .last(Self.run) }
        #expect(try await cycle(loop) == "deployed by commit")
    }
}
