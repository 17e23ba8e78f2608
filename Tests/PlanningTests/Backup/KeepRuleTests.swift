import Model
import Testing

@Suite("A storage is pruned")
struct KeepRuleTests {
    private let runs = [
        "20261001T020000Z", "20261015T020000Z", "20261031T020000Z", "20261119T020000Z", "20261120T020000Z",
        "20261120T140000Z", "20261121T020000Z",
    ].compactMap { BackupRunID($0) }

    @Test(
        "down to the newest of days and months, and never to nothing",
        arguments: [
            (KeepRule(), ["20261121T020000Z"]),
            (KeepRule(last: 2), ["20261120T140000Z", "20261121T020000Z"]),
            (KeepRule(daily: 2), ["20261120T140000Z", "20261121T020000Z"]),
            (KeepRule(monthly: 2), ["20261031T020000Z", "20261121T020000Z"]),
            (
                KeepRule(last: 1, daily: 3, monthly: 5),
                ["20261031T020000Z", "20261119T020000Z", "20261120T140000Z", "20261121T020000Z"]
            ),
        ])
    func rules(rule: KeepRule, kept: [String]) {
        #expect(rule.kept(of: runs).map(\.description).sorted() == kept)
        #expect(rule.kept(of: []).isEmpty)
    }
}
