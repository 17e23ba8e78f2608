import Model
import Testing

@Suite("Names of backup runs")
struct BackupRunTests {
    @Test("say when it began, and sort by that")
    func moments() throws {
        let run = BackupRunID(at: Timestamp(milliseconds: 1_795_226_400_999))
        #expect(run.description == "20261121T020000Z")
        #expect(run.moment == Timestamp(milliseconds: 1_795_226_400_000))
        let later = BackupRunID(at: Timestamp(milliseconds: 1_795_226_401_000))
        #expect(run < later)
        #expect(BackupRunID(run.description) == run)
    }

    @Test("come after the last one although the clock was set back")
    func clockSetBack() throws {
        let last = try #require(BackupRunID("20301231T235959Z"))
        let next = BackupRunID(at: Timestamp(milliseconds: 1_795_226_400_000), after: last)
        #expect(next.description == "20310101T000000Z")
    }

    @Test(
        "that are none are refused",
        arguments: ["", "20261121", "20261321T020000Z", "20261121T020000", "../etc/passwd"])
    func nonsense(text: String) {
        #expect(BackupRunID(text) == nil)
    }
}
