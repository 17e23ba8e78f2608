import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("J10: the host whose stack moves to another one", .timeLimit(.minutes(5)))
struct OutgoingMoveTests {
    private static let alone = StackFiles.moving(["vsn1": ""])
    private static let move = StackFiles.moving(["vsn1": "", "vsn2": "vsn1"])
    private static let isDelivered =
        "suspended: the stack moves to host 'vsn2': its last backup, run \(SimulatedMoves.lastBackup), is delivered"
    private static let newerRun = BackupRunID(at: Timestamp(milliseconds: 1_800_000_100_000))
    private static let whole = ["database": "1", "web": "1"]

    /// One whose tip moves its stack.
    private func asked() async throws -> LoopFixture {
        let loop = try await LoopFixture.deployed(Self.alone)
        loop.host.repository.commit(Self.move)
        return loop
    }

    private func moved() async throws -> LoopFixture {
        let loop = try await asked()
        try await loop.cycle(ends: Self.isDelivered)
        loop.forgetCalls()
        return loop
    }

    @Test("makes and delivers a last backup, is containerless, and stays so until a commit brings the stack back")
    func stays() async throws {
        let loop = try await asked()
        try await loop.cycle(ends: Self.isDelivered)
        #expect(loop.host.engine.ids == [:])
        #expect(
            loop.host.calls.names.filter { $0 == "makeLastBackup" || $0 == "deliver" } == ["makeLastBackup", "deliver"])
        try await loop.expect(incidents: ["deployment move"])
        #expect(loop.host.surroundings.told.count == 1)
        loop.forgetCalls()
        try await loop.cycle(ends: Self.isDelivered)
        try await loop.cycle(ends: Self.isDelivered, .full)
        try await loop.cycle(ends: Self.isDelivered, .full, boot: "2")
        // Tidied up after the move: that brings nothing back.
        for hosts in [["vsn1": "", "vsn2": ""], ["vsn2": ""]] {
            loop.host.repository.commit(StackFiles.moving(hosts))
            try await loop.cycle(ends: Self.isDelivered)
        }
        #expect(loop.host.engine.ids == [:])
        #expect(!loop.host.calls.names.contains { $0 == "start" || $0 == "makeLastBackup" || $0 == "deliver" })
        #expect(loop.host.surroundings.told.count == 1)
    }

    @Test("keeps the last backup while no storage answers, and delivers it without a git server, with backoff")
    func silentStorage() async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.silent = ["nas"] }
        #expect(try await loop.cycle().contains("is made and waits on this host"))
        #expect(loop.host.engine.ids == [:])
        loop.forgetCalls()
        for pause in [10, 20] {
            loop.clock.advance(by: .seconds(pause - 1))
            #expect(try await loop.cycle().contains("is made and waits on this host"))
            #expect(!loop.host.calls.names.contains("deliver"), "\(pause) s are not over")
            loop.clock.advance(by: .seconds(1))
            #expect(try await loop.cycle().contains("is made and waits on this host"))
            #expect(loop.host.calls.names == ["deliver"])
            loop.forgetCalls()
        }
        loop.host.moves.storage { $0.silent = [] }
        loop.host.repository.setAway(true)
        loop.clock.advance(by: .seconds(40))
        try await loop.cycle(ends: "threw: the git server does not answer")
        #expect(loop.host.calls.names == ["deliver"])
        loop.host.repository.setAway(false)
        try await loop.cycle(ends: Self.isDelivered)
    }

    @Test("runs on while its last backup could not be delivered anywhere, which is told once")
    func obstacle() async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.obstacle = ScriptedFailure("the storage is full") }
        try await loop.cycle(ends: "refused: the storage is full")
        let told = loop.host.surroundings.told.count
        loop.clock.advance(by: .seconds(9))
        try await loop.cycle(ends: "unchanged")
        loop.clock.advance(by: .seconds(1))
        try await loop.cycle(ends: "refused: the storage is full")
        #expect(loop.host.surroundings.told.count == told)
        #expect(loop.running == Self.whole)
        #expect(!loop.host.calls.names.contains("stop"))
        loop.host.moves.storage { $0.obstacle = nil }
        loop.clock.advance(by: .seconds(20))
        try await loop.cycle(ends: Self.isDelivered)
        #expect(try await loop.journal.failures() == [])
    }

    @Test("starts the stack again when the last backup fails, and does not stop it a second time unasked")
    func lastBackupFails() async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.damage = ScriptedFailure("no space is left") }
        let answer = try await loop.cycle()
        #expect(answer.hasPrefix("refused: ") && answer.contains("could not be made: no space is left"), "\(answer)")
        #expect(loop.running == Self.whole)
        loop.host.moves.storage { $0.damage = nil }
        loop.forgetCalls()
        loop.clock.advance(by: .seconds(100_000))
        try await loop.cycle(ends: "unchanged")
        try await loop.cycle(ends: "remembered: permanent after 1", .full)
        #expect(!loop.host.calls.names.contains("stop"))
        try await loop.journal.liftFailures()
        try await loop.cycle(ends: Self.isDelivered)
        #expect(loop.host.engine.ids == [:])
    }

    @Test("waits for a backup that runs, and the stack runs on")
    func backupRuns() async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.wait = NotNow(reason: "a backup runs") }
        try await loop.cycle(ends: "waits: a backup runs")
        #expect(loop.running == Self.whole)
        #expect(try await loop.journal.suspension() == nil)
        loop.host.moves.storage { $0.wait = nil }
        try await loop.cycle(ends: Self.isDelivered)
    }

    @Test("finishes what a crash in the last backup left, and starts nothing before")
    func crash() async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.damage = CancellationError() }
        await #expect(throws: CancellationError.self) { _ = try await loop.cycle() }
        #expect(loop.running == [:])
        loop.host.moves.storage { $0.damage = nil }
        loop.forgetCalls()
        try await loop.cycle(ends: Self.isDelivered, .full)
        #expect(loop.host.engine.ids == [:])
        #expect(!loop.host.calls.names.contains("start"))
    }

    @Test("goes on from its own data when the commit is reverted in time")
    func revert() async throws {
        let loop = try await moved()
        loop.host.repository.commit(Self.alone)
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running == Self.whole)
        #expect(try await loop.journal.suspension() == nil)
        try await loop.expect(incidents: [])
    }

    @Test("keeps what is noted of the return where a newer commit overtakes the first deployment")
    func notes() async throws {
        let loop = try await moved()
        let repository = loop.host.repository
        let image = StackFiles.image("web", "2")
        repository.drop(1)
        repository.commit(StackFiles.version("2"))
        loop.host.engine.stall(image)
        loop.host.calls.during("pull \(image)") { repository.commit(StackFiles.version("3")) }
        let report = try await loop.host.reconciler { $0.interval = .milliseconds(1) }.cycle(.poll)
        #expect(try await loop.deployments(2) == ["deployed by commit", "interrupted by commit"])
        #expect(report.notes.contains { $0.hasPrefix("the branch was rewritten") }, "\(report.notes)")
    }

    @Test("stays away when the commit is reverted after the new host has made a backup of its own")
    func takenOver() async throws {
        let loop = try await moved()
        loop.host.moves.storage { $0.successorRun = Self.newerRun }
        loop.host.repository.commit(Self.alone)
        try await loop.cycle(
            ends: "refused: host 'vsn2' has taken over the stack and made run \(Self.newerRun); "
                + "the data on this host is older")
        #expect(loop.host.engine.ids == [:])
    }

    @Test("takes the stack back from the new host, once the data of before is out of the way")
    func comesBack() async throws {
        let loop = try await moved()
        loop.host.moves.storage {
            $0.data = ["/srv/fairlead/acme/database"]
            $0.inheritance = .last(Self.newerRun)
        }
        loop.host.repository.commit(StackFiles.moving(["vsn2": "", "vsn1": "vsn2"]))
        let answer = try await loop.cycle()
        #expect(answer.hasPrefix("refused: the stack comes back from host 'vsn2', and "), "\(answer)")
        loop.host.moves.storage { $0.data = [] }
        loop.clock.advance(by: .seconds(10))
        try await loop.cycle(ends: "deployed by commit")
        #expect(loop.running == Self.whole)
    }

    @Test(
        "is not started after a boot when the tip has moved the stack meanwhile",
        arguments: [nil, Self.newerRun])
    func dead(_ run: BackupRunID?) async throws {
        let loop = try await asked()
        loop.host.moves.storage { $0.successorRun = run }
        loop.host.engine.halt()
        let answer = try await loop.cycle(.full, boot: "2")
        #expect(answer.contains(run == nil ? "is delivered" : "it runs there already and made run"), "\(answer)")
        #expect(loop.host.engine.ids == [:])
        #expect(loop.host.calls.names.contains("makeLastBackup") == (run == nil))
        #expect(!loop.host.calls.names.contains("start"))
    }

    @Test("makes another last backup for another new host")
    func anotherHost() async throws {
        let loop = try await moved()
        loop.host.repository.commit(StackFiles.moving(["vsn1": "", "vsn3": "vsn1"]))
        let answer = try await loop.cycle()
        #expect(answer.hasPrefix("suspended: the stack moves to host 'vsn3': "), "\(answer)")
        #expect(loop.host.calls.names.contains("makeLastBackup"))
        try await loop.expect(incidents: ["deployment move"])
    }

    @Test("keeps a stack that the new host could not start")
    func brokenEntry() async throws {
        let loop = try await LoopFixture.deployed(Self.alone)
        loop.host.repository.commit(
            Self.move.merging(["hosts/vsn2.json": #"{"replaces": "vsn1", "containers": {"web": {"imagr": "x"}}}"#]) {
                $1
            })
        #expect(try await loop.cycle().hasPrefix("refused: "))
        #expect(loop.running == Self.whole)
    }
}
