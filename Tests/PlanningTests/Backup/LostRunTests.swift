import Model
import Testing

/// J5: who can write to a storage does not decide alone which run is the newest (M8).
@Suite("A run that is gone from a storage")
struct LostRunTests {
    private func run(_ day: Int) -> BackupRunID {
        BackupRunID(at: Timestamp(milliseconds: Int64(day) * 86_400_000))
    }

    private func link(_ day: Int) throws -> RunLink {
        RunLink(
            run: run(day), number: Int64(day), digest: try #require(SHA256Sum(String(repeating: "a", count: 64))))
    }

    private func manifest(_ day: Int, after previous: Int?) throws -> BackupManifest {
        var manifest = BackupManifest(
            run: run(day), stack: try #require(EntryName("acme")), host: try #require(EntryName("vsn1")),
            version: "1.0.0", commit: nil, began: Timestamp(milliseconds: 0), ended: Timestamp(milliseconds: 0),
            images: [:], volumes: [:], plan: FullState.plan)
        manifest.previous = try previous.map(link)
        return manifest
    }

    @Test(
        "is told where this host knows a newer one than is there, and that one is not even listed",
        arguments: [
            (known: nil, listed: [], isLost: false), (known: 5, listed: [5], isLost: false),
            (known: 5, listed: [3, 4], isLost: true), (known: 4, listed: [4], isLost: false),
            (known: 3, listed: [4], isLost: false),
        ] as [(known: Int?, listed: [Int], isLost: Bool)])
    func newest(known: Int?, listed: [Int], isLost: Bool) throws {
        let lost = LostRun.newer(
            than: run(4), known: try known.map(link), of: "vsn1", listed: Set(listed.map(run)))
        #expect((lost != nil) == isLost)
        let missing = known.map(run)
        #expect(lost == nil || lost?.run == missing)
    }

    @Test("is told as well where no valid run is left, and not of a host that delivered none")
    func nothingLeft() throws {
        let lost = LostRun.newer(than: nil, known: try link(5), of: "vsn1", listed: [run(3)])
        #expect(lost?.words == "run \(run(5)) of 'vsn1', which was delivered by this host, is not there any more")
        #expect(LostRun.newer(than: nil, known: try link(5), of: "vsn1", listed: [run(5)]) == nil)
        #expect(LostRun.newer(than: nil, known: nil, of: "vsn1", listed: []) == nil)
    }

    @Test(
        "is told where the newest one names it, and it was neither pruned nor is so old that a store may have removed it",
        arguments: [
            (previous: nil, listed: [4], pruned: [], kept: nil, isLost: false),
            (previous: 3, listed: [4], pruned: [], kept: nil, isLost: true),
            (previous: 3, listed: [3, 4], pruned: [], kept: nil, isLost: false),
            (previous: 3, listed: [4], pruned: [2, 3], kept: nil, isLost: false),
            (previous: 3, listed: [4], pruned: [2], kept: nil, isLost: true),
            (previous: 3, listed: [4], pruned: [], kept: 10, isLost: true),
            (previous: 3, listed: [4], pruned: [], kept: 5, isLost: false),
        ] as [(previous: Int?, listed: [Int], pruned: [Int], kept: Int?, isLost: Bool)])
    func before(previous: Int?, listed: [Int], pruned: [Int], kept: Int?, isLost: Bool) throws {
        let lost = LostRun.before(
            try manifest(4, after: previous), listed: Set(listed.map(run)), pruned: Set(pruned.map(run)),
            kept: kept.map { .seconds($0 * 86_400) }, now: run(9).moment)
        #expect((lost != nil) == isLost)
    }
}
