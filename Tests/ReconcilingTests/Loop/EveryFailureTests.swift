import Deploying
import Journal
import LoopSupport
import Model
import Reconciling
import Testing

@Suite("R6, R8: whatever fails, and at whatever call, the host ends where it says it is, and the next commit mends it")
struct EveryFailureTests {
    /// What is deployed again and again, each time with another call that fails.
    enum Change: String, CaseIterable, CustomTestStringConvertible {
        /// One container, with the version of before to go back to.
        case hotfix
        /// All of them.
        case whole

        var testDescription: String { rawValue }

        func files(_ number: Int) -> [String: String] {
            switch self {
            case .hotfix: StackFiles.version("1", hotfix: "\(number)")
            case .whole: StackFiles.version("\(number)", database: "\(number)")
            }
        }

        func running(_ number: Int) -> [String: String] {
            ["database": self == .hotfix ? "1" : "\(number)", "web": "\(number)"]
        }
    }

    @Test("what passes by itself ends with the new version", arguments: [Change.whole])
    func transient(_ change: Change) async throws {
        let loop = try await LoopFixture.deployed(change.files(1))
        var number = 1
        for index in 0... {
            let before = loop.host.engine.ids
            number += 1
            loop.host.repository.commit(change.files(number))
            loop.forgetCalls()
            loop.host.calls.fail(index, with: ScriptedFailure("call \(index) fails"))
            let answer = try await loop.cycle()
            let isOver = loop.host.calls.takeBackFailure()
            let what = "call \(index), '\(loop.host.calls.names.dropFirst(index).first ?? "none")': \(answer)"
            try await expectTruth(loop, change, number, before, what)
            // A copy of the data that could not be made waits for an operator.
            if try await loop.journal.failures().contains(where: { $0.disposition == .permanent }) {
                #expect(["settle", "take"].contains(loop.host.calls.names[index]), "\(what)")
                try await loop.journal.forgetFailures(of: nil)
            }
            for _ in 0..<4 where try await !isDeployed(loop, number, change) {
                loop.clock.advance(by: .seconds(60))
                _ = try await loop.cycle(.full)
            }
            #expect(try await isDeployed(loop, number, change), "\(what); \(loop.running)")
            if isOver { break }
        }
        #expect(number > 20, "the host was asked for so little: \(loop.host.calls.names)")
    }

    @Test(
        "what does not pass ends with a version that serves, or says that none does",
        arguments: [Change.hotfix])
    func permanent(_ change: Change) async throws {
        let loop = try await LoopFixture.deployed(change.files(1))
        var number = 1
        for index in 0... {
            let before = loop.host.engine.ids
            number += 1
            loop.host.repository.commit(change.files(number))
            loop.forgetCalls()
            loop.host.calls.fail(index, with: ScriptedFailure("call \(index) fails", .permanent))
            let answer = try await loop.cycle()
            let isOver = loop.host.calls.takeBackFailure()
            let what = "call \(index), '\(loop.host.calls.names.dropFirst(index).first ?? "none")': \(answer)"
            try await expectTruth(loop, change, number, before, what)
            number += 1
            loop.host.repository.commit(change.files(number))
            for _ in 0..<4 where try await !isDeployed(loop, number, change) { _ = try await loop.cycle(.full) }
            #expect(try await isDeployed(loop, number, change), "\(what); \(loop.running)")
            if isOver { break }
        }
    }

    @Test(
        "a process that ends at any call is followed by one that finishes what it began",
        arguments: [Change.whole])
    func crash(_ change: Change) async throws {
        let loop = try await LoopFixture.deployed(change.files(1))
        var number = 1
        for index in 0... {
            number += 1
            loop.host.repository.commit(change.files(number))
            loop.forgetCalls()
            loop.host.calls.fail(index, with: CancellationError())
            do { _ = try await loop.cycle() } catch is CancellationError {}
            let isOver = loop.host.calls.takeBackFailure()
            let what = "call \(index), '\(loop.host.calls.names.dropFirst(index).first ?? "none")'"
            for _ in 0..<3 where try await !isDeployed(loop, number, change) { _ = try await loop.cycle(.full) }
            #expect(try await isDeployed(loop, number, change), "\(what); \(loop.running)")
            try await loop.expect(incidents: [], "\(what)")
            if isOver { break }
        }
    }

    private func isDeployed(_ loop: LoopFixture, _ number: Int, _ change: Change) async throws -> Bool {
        let deployed = try await loop.journal.deployedState()?.commit
        let unfinished = try await loop.journal.unfinishedDeployment()
        return deployed == loop.host.repository.tip && loop.running == change.running(number) && unfinished == nil
    }

    /// What the journal says, and the standing of that outcome, is what runs.
    private func expectTruth(
        _ loop: LoopFixture, _ change: Change, _ number: Int, _ before: [String: String], _ what: String
    ) async throws {
        #expect(try await loop.journal.unfinishedDeployment() == nil, "\(what)")
        guard !what.contains(": threw: ") else {
            #expect(loop.host.engine.ids == before, "\(what)")
            return
        }
        let last = try #require(try await loop.journal.deployments(limit: 1).first)
        guard let standing = last.outcome?.standing, standing.isDeployed || standing.isFailure else {
            Issue.record("\(what) ended \(last.outcome?.rawValue ?? "without a word")")
            return
        }
        switch standing.stack {
        case .desired: #expect(loop.running == change.running(number), "\(what)")
        case .untouched: #expect(loop.host.engine.ids == before, "\(what)")
        case .previous:
            #expect(loop.running == change.running(number - 1), "\(what)")
        case .containerless:
            #expect(loop.running == [:], "\(what)")
            #expect(try await loop.journal.deployedState() == nil, "\(what)")
        case .uncertain: #expect(try await !loop.incidents.isEmpty, "\(what)")
        }
    }
}
