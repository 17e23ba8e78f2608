import Model
import Testing

@testable import Backup
@testable import HostSystem

/// J4: what is given up where the disk has no room for all that waits.
@Suite("Which waiting run gives way")
struct WaitingRunTests {
    private func run(
        _ day: Int, _ volumes: Set<String> = ["database"], shrunk: Set<String> = [], on base: [Int] = [],
        at targets: Set<String> = []
    ) -> WaitingRun {
        WaitingRun(
            run: Self.id(day), volumes: volumes, shrunk: shrunk, base: Set(base.map(Self.id)), targets: targets)
    }

    private static func id(_ day: Int) -> BackupRunID { BackupRunID("2026110\(day)T020000Z")! }

    private func expect(_ day: Int?, among runs: [WaitingRun], _ place: SourceLocation = #_sourceLocation) {
        for order in [runs, runs.reversed()] {
            #expect(WaitingRun.givingWay(among: order)?.run == day.map(Self.id), sourceLocation: place)
        }
    }

    @Test("the oldest, where a newer one has all that it has")
    func oldest() {
        expect(nil, among: [])
        expect(1, among: [run(1), run(2), run(3)])
        expect(2, among: [run(1, ["database", "site"]), run(2), run(3)])
    }

    @Test("never the only copy of a data directory, never the newest that no target has")
    func onlyCopy() {
        expect(nil, among: [run(1)])
        expect(nil, among: [run(1, ["site"]), run(2)])
        expect(nil, among: [run(1, ["database", "site"]), run(2)])
        // A database that was emptied is no copy of the one before.
        expect(nil, among: [run(1), run(2, shrunk: ["database"])])
        // Two newer ones have it together.
        expect(1, among: [run(1, ["database", "site"]), run(2, ["site"]), run(3)])
    }

    @Test("what a target has goes first, the newest too")
    func stored() {
        expect(2, among: [run(1), run(2, at: ["nas"]), run(3)])
        expect(1, among: [run(1, at: ["nas"])])
        expect(1, among: [run(1, ["site"], at: ["nas"]), run(2)])
    }

    @Test("nothing that another one builds on, unless one target has both")
    func base() {
        expect(nil, among: [run(1), run(2, on: [1])])
        expect(2, among: [run(1), run(2), run(3, on: [1])])
        expect(2, among: [run(1, at: ["nas"]), run(2, on: [1], at: ["offsite"])])
        expect(1, among: [run(1, at: ["nas"]), run(2, on: [1], at: ["nas", "offsite"])])
    }
}
