import Model
import Testing

@Suite("Where a container's log goes")
struct ContainerLogTests {
    private static let file = ContainerLog.file(maximum: ContainerLog.standardMaximum)

    @Test("without a word in the plan to systemd's journal where it runs, else into a bounded file")
    func standard() {
        #expect(ContainerLog(nil, hasJournal: true) == .journal)
        #expect(ContainerLog(nil, hasJournal: false) == Self.file)
    }

    @Test("what the plan says holds whatever the host has", arguments: [true, false])
    func planned(hasJournal: Bool) {
        func log(_ driver: ContainerLogPlan.Driver, _ maximum: Int64? = nil) -> ContainerLog {
            ContainerLog(
                ContainerLogPlan(driver: driver, maximum: maximum.map(ByteCount.init)), hasJournal: hasJournal)
        }
        #expect(log(.journald) == .journal)
        #expect(log(.none) == .nowhere)
        #expect(log(.file) == Self.file)
        #expect(log(.file, 7 << 20) == .file(maximum: ByteCount(bytes: 7 << 20)))
    }
}
