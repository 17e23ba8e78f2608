import Model
import Testing

@testable import Reconciling

@Suite("J3: what became of commits that were never deployed by themselves")
struct CarriedChangesTests {
    private let tip = CommitID(String(repeating: "a", count: 40))
    private let other = CommitID(String(repeating: "b", count: 40))

    private func change(_ text: String, by commit: CommitID?, earlier: Bool? = nil) -> PlanChange {
        PlanChange(
            subject: "web", kind: .changed, text: text,
            commit: commit.map { CommitName(id: $0, author: "Ada", subject: "s", earlier: earlier) })
    }

    @Test("each says with which tip its changes were deployed; the tip's own and those of nobody known say nothing")
    func notes() throws {
        let (tip, other) = (try #require(tip), try #require(other))
        let changes = [
            change("one", by: other), change("own", by: tip), change("two", by: other), change("nobody's", by: nil),
            change("long ago", by: other, earlier: true),
        ]
        #expect(CarriedChanges(changes, in: tip).notes == [other: "deployed with 'aaaaaaaaaa': web: one; web: two"])
        #expect(CarriedChanges([change("own", by: tip)], in: tip).notes.isEmpty)
    }

    @Test("many changes are counted")
    func many() throws {
        let (tip, other) = (try #require(tip), try #require(other))
        let notes = CarriedChanges((1...5).map { change("\($0)", by: other) }, in: tip).notes
        #expect(notes[other] == "deployed with 'aaaaaaaaaa': web: 1; web: 2; web: 3; 2 more")
    }
}
