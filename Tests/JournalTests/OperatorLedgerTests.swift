import Journal
import Model
import Testing

@Suite("What operators said of the data is on record")
struct OperatorLedgerTests {
    @Test("the newest first, over a restart; the oldest go at last")
    func acts() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        #expect(try await OperatorLedger(journal).acts() == [])
        let acts = (1...205).map {
            OperatorAct(kind: .adopted, text: "\($0)", person: "ada", time: Timestamp(milliseconds: $0))
        }
        for act in acts { try await OperatorLedger(journal).record(act) }
        let kept = try await OperatorLedger(try Journal.openReadOnly(at: fixture.path)).acts()
        #expect(kept == Array(acts.suffix(200).reversed()))
        #expect(try await journal.examine().faults == [])
    }
}
