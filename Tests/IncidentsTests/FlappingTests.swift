import Model
import Testing

@testable import Incidents

@Suite("How much of an incident that comes and goes is mailed")
struct FlappingTests {
    @Test("the third opening in a period is the last mail, and says so")
    func limit() {
        let counts = (0...4).map { Flapping(notifiedOpenings: $0, period: .seconds(3600)) }
        #expect(counts.map(\.notifiesOpening) == [true, true, true, false, false])
        #expect(counts.map(\.isLastOpening) == [false, false, true, false, false])
        #expect(counts.map(\.notifiesClosing) == [true, true, true, false, false])
        #expect(counts[2].notice.contains("not mailed again for 1h"))
    }
}
