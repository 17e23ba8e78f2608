import Model
import Testing

@testable import Reconciling

@Suite("Which commits are reverted to go back to a plan")
struct RevertWalkTests {
    /// `d:c,b` is commit `d` with the parents `c` and `b`; `plans` has the plan of each. Back to plan 1.
    private func reverts(_ history: String, _ plans: [String: String]) async throws -> [String]? {
        let commits = try history.split(separator: " ").map { word in
            let parts = word.split(separator: ":")
            let parents = parts.dropFirst().flatMap { $0.split(separator: ",") }
            return Commit(
                id: try id(parts[0]), author: "Ada", email: "", time: 0, subject: String(parts[0]),
                parents: try parents.map(id))
        }
        let byID = try Dictionary(uniqueKeysWithValues: plans.map { (try id(Substring($0)), $1) })
        let tip = try #require(commits.first?.id)
        let found = try await RevertWalk(to: "1", among: commits).reverts(from: tip) { byID[$0] }
        return found?.map { $0.commit.subject + ($0.mainline.map { " -m \($0)" } ?? "") }
    }

    private func id(_ letter: Substring) throws -> CommitID {
        try #require(CommitID(String(repeating: String(letter), count: 40)))
    }

    @Test("what lies on top of the upgrade is not reverted")
    func onTop() async throws {
        #expect(try await reverts("c:b b:a", ["a": "1", "b": "2", "c": "2"]) == ["b"])
        #expect(try await reverts("b:a", ["a": "1", "b": "2"]) == ["b"])
        #expect(try await reverts("d:c c:b b:a", ["a": "1", "b": "1", "c": "2", "d": "2"]) == ["c"])
    }

    @Test("several upgrades are all reverted, newest first: the newest alone leads to the plan in between")
    func several() async throws {
        #expect(try await reverts("d:c c:b b:a", ["a": "1", "b": "2", "c": "2", "d": "3"]) == ["d", "b"])
    }

    @Test("no further than to the newest commit that has the plan")
    func returned() async throws {
        // An upgrade, its revert, and the revert of that.
        #expect(try await reverts("d:c c:b b:a", ["a": "1", "b": "2", "c": "1", "d": "2"]) == ["d"])
        #expect(try await reverts("c:b b:a", ["a": "1", "b": "2", "c": "1"]) == [])
    }

    @Test("in a merge the commit that made the change; the merge itself only where it alone made it, with its mainline")
    func merges() async throws {
        #expect(try await reverts("d:b,c c:a b:a", ["a": "1", "b": "1", "c": "2", "d": "2"]) == ["c"])
        #expect(try await reverts("d:c,b c:a b:a", ["a": "1", "b": "1", "c": "2", "d": "2"]) == ["c"])
        #expect(try await reverts("d:b,c c:a b:a", ["a": "1", "b": "1", "c": "2", "d": "3"]) == ["d -m 1"])
        #expect(try await reverts("d:c,b c:a b:a", ["a": "1", "b": "1", "c": "2", "d": "3"]) == ["d -m 2"])
    }

    @Test("nothing where the branch never had the plan, where one is not known, or where they are too many")
    func unknown() async throws {
        #expect(try await reverts("b:a", ["a": "3", "b": "2"]) == nil)
        #expect(try await reverts("c:b b:a", ["a": "1", "c": "2"]) == nil)
        #expect(try await reverts("a", ["a": "2"]) == nil)
        let plans = Dictionary(uniqueKeysWithValues: "abcdef0".enumerated().map { (String($1), "\($0 + 1)") })
        #expect(try await reverts("f:e e:d d:c c:b b:a", plans) == ["f", "e", "d", "c", "b"])
        #expect(try await reverts("0:f f:e e:d d:c c:b b:a", plans) == nil)
    }
}
