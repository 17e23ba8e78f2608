import Foundation
import Model
import Testing

@Suite("A data directory that is much smaller than it was")
struct ShrinkRuleTests {
    @Test(
        "is told of below the threshold, in bytes or in files, and not where it was small anyway",
        arguments: [
            (50, DataExtent(bytes: 10 << 20), DataExtent(bytes: 5 << 20), false),
            (50, DataExtent(bytes: 10 << 20), DataExtent(bytes: 5 << 20 - 1), true),
            (50, DataExtent(bytes: 10 << 20), DataExtent(bytes: 0), true),
            (50, DataExtent(bytes: 10 << 20), DataExtent(bytes: 90 << 20), false),
            (50, DataExtent(bytes: 1 << 20 - 1), DataExtent(bytes: 0), false),
            (10, DataExtent(bytes: 10 << 20), DataExtent(bytes: 2 << 20), false),
            (100, DataExtent(bytes: 10 << 20), DataExtent(bytes: 10 << 20 - 1), true),
            (0, DataExtent(bytes: 10 << 20), DataExtent(bytes: 0), false),
            (50, DataExtent(bytes: 0, files: 1000), DataExtent(bytes: 0, files: 499), true),
            (50, DataExtent(bytes: 0, files: 999), DataExtent(bytes: 0, files: 1), false),
            (50, DataExtent(bytes: 0, files: 1000), DataExtent(bytes: 0), false),
            (50, DataExtent(bytes: .max), DataExtent(bytes: .max / 3), true),
        ])
    func rule(percent: Int, before: DataExtent, now: DataExtent, isBroken: Bool) {
        #expect(ShrinkRule(percent: percent).isBroken(from: before, to: now) == isBroken)
    }

    @Test("is looked for unless the plan says otherwise")
    func standard() {
        var plan = BackupPlan(recipients: [], targets: [:])
        #expect(plan.shrinkRule == ShrinkRule(percent: 50))
        plan.shrinkAlert = 0
        #expect(plan.shrinkRule == ShrinkRule(percent: 0))
    }
}

@Suite("The manifest of a run")
struct BackupManifestTests {
    private func manifest(_ incomplete: [String: String] = [:], _ content: VolumeArchive.Content = .files) throws
        -> BackupManifest
    {
        BackupManifest(
            run: try #require(BackupRunID("20261121T020000Z")), stack: try #require(EntryName("acme")),
            host: try #require(EntryName("vsn1")), version: "1.0.0", commit: nil,
            began: Timestamp(milliseconds: 0), ended: Timestamp(milliseconds: 0), images: [:],
            volumes: [try #require(DataName("site")): VolumeArchive(content: content, parts: [])],
            incomplete: incomplete,
            plan: FullState.plan)
    }

    @Test("has a format that a fairlead refuses which would take an incomplete run for a complete one")
    func format() throws {
        #expect(try manifest().format == 1)
        #expect(try manifest([:], .repository).format == 2)
        #expect(try manifest(["db": "missing: it has no directory"]).format == 3)
    }

    @Test("says what it lacks, and that of an older fairlead lacks nothing")
    func gap() throws {
        let incomplete = try manifest(["db": "missing: it has no directory", "a": "not saved: its dump is empty"])
        let gap = "incomplete: 'a' not saved: its dump is empty; 'db' missing: it has no directory"
        #expect(incomplete.gap == gap)
        let old = try JSONEncoder().encode(manifest())
        #expect(!String(decoding: old, as: UTF8.self).contains("incomplete"))
        #expect(try JSONDecoder().decode(BackupManifest.self, from: old).gap == nil)
    }
}
