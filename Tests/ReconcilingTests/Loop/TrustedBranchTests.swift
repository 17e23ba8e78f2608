import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("T1, T2: a branch that is not believed, or may be frozen")
struct TrustedBranchTests {
    private static let signed = TrustSettings(commits: .init(mode: .ssh))
    private static let current = TrustSettings(commits: .init(mode: .ssh), maximumAge: .seconds(3600))

    /// What ends the doubt about a branch.
    enum End: String, CaseIterable, CustomTestStringConvertible {
        case heartbeat, commit, setting

        var testDescription: String { rawValue }
    }

    private func ago(_ seconds: Int64, _ loop: LoopFixture) -> Timestamp {
        Timestamp(milliseconds: loop.clock.now().milliseconds - seconds * 1000)
    }

    @discardableResult
    private func commit(_ web: String, signed seconds: Int64, ago loop: LoopFixture) -> CommitID {
        let commit = loop.host.repository.commit(StackFiles.version(web))
        loop.host.signers.sign(commit, at: ago(seconds, loop))
        return commit
    }

    /// One whose first commit was signed and deployed at this moment.
    private func deployed() async throws -> LoopFixture {
        let loop = try LoopFixture()
        loop.host.signers.sign(loop.first, at: loop.clock.now())
        try await loop.cycle(ends: "deployed by commit", .full, trust: Self.current)
        loop.forgetCalls()
        return loop
    }

    @Test("an unsigned tip is refused and told once while the stack runs on; a signed one on top of it is deployed")
    func unsigned() async throws {
        let loop = try await deployed()
        let before = loop.host.engine.ids
        loop.host.repository.commit(StackFiles.version("2"))
        for _ in 1...2 {
            let answer = try await loop.cycle(.full, trust: Self.signed)
            #expect(answer.hasPrefix("refused: "), "\(answer)")
        }
        #expect(loop.host.engine.ids == before)
        #expect(loop.host.surroundings.told.count == 1)
        commit("3", signed: 0, ago: loop)
        try await loop.cycle(ends: "deployed by commit", trust: Self.signed)
        #expect(loop.running["web"] == "3")
        try await loop.expect(incidents: [])
    }

    @Test("a signed tip that leaves out what was accepted is refused")
    func rewritten() async throws {
        let loop = try await deployed()
        commit("2", signed: 0, ago: loop)
        try await loop.cycle(ends: "deployed by commit", trust: Self.signed)
        loop.host.repository.drop(1)
        commit("3", signed: 0, ago: loop)
        let answer = try await loop.cycle(trust: Self.signed)
        #expect(answer.hasPrefix("refused: "), "\(answer)")
        #expect(loop.running["web"] == "2")
    }

    @Test(
        "a branch that grows too old is told once while the stack runs on, until something shows that it is current",
        arguments: End.allCases)
    func frozen(_ end: End) async throws {
        let loop = try await deployed()
        let before = loop.host.engine.ids
        loop.clock.advance(by: .seconds(3601))
        for _ in 1...2 { try await loop.cycle(ends: "unchanged", trust: Self.current) }
        try await loop.expect(incidents: ["repository branch"])
        #expect(loop.host.surroundings.told.count == 1)
        #expect(loop.host.engine.ids == before)
        switch end {
        case .heartbeat:
            // What is signed and newer is followed, and shows nothing where it is old.
            let tip = commit("2", signed: 7200, ago: loop)
            try await loop.cycle(ends: "deployed by commit", trust: Self.current)
            try await loop.expect(incidents: ["repository branch"])
            loop.host.signers.beat(tip, at: ago(60, loop))
            try await loop.cycle(ends: "unchanged", trust: Self.current)
        case .commit:
            commit("2", signed: 60, ago: loop)
            try await loop.cycle(ends: "deployed by commit", trust: Self.current)
        case .setting: try await loop.cycle(ends: "unchanged", trust: Self.signed)
        }
        try await loop.expect(incidents: [])
        #expect(loop.host.surroundings.told.count == 2)
    }

    @Test("a new host deploys no old state, though it is signed, until a heartbeat shows that it is the newest")
    func newHost() async throws {
        let loop = try LoopFixture()
        loop.host.signers.sign(loop.first, at: ago(7200, loop))
        let answer = try await loop.cycle(.full, trust: Self.current)
        #expect(answer.hasPrefix("refused: ") && answer.contains("old state of the branch"), "\(answer)")
        #expect(loop.running == [:])
        #expect(try await loop.incidents.count == 1)
        loop.host.signers.beat(loop.first, at: ago(60, loop))
        try await loop.cycle(ends: "deployed by commit", .full, trust: Self.current)
        try await loop.expect(incidents: [])
    }
}
