import HostSupport
import Model
import Testing

@testable import Backup
@testable import HostSystem

@Suite("T3: an image says how its data is saved, never whether, nor what of it")
struct BackupLabelTests {
    private static let dump = "io.fairlead.backup.dump"
    private static let mode = "io.fairlead.backup.mode"
    private static let exclude = "io.fairlead.backup.exclude"
    private static let notSaved = "its image says that it is not to be saved, which only the plan can say"
    private static let leftOut = "its image names what is to be left out, which only the plan can do"
    private static let vain = "what its image says of its backup cannot be followed"

    struct Case: Sendable {
        var plan: VolumeBackup?
        var labels: [String: String]
        var comesTo: String
        var notes: [String] = []
    }

    private func copy(_ plan: VolumeBackup?, _ labels: [String: String]) -> VolumeCopy? {
        var volume = volume("db")
        volume.backup = plan
        let (copies, failures) = VolumeCopy.all(
            of: HostSupport.plan(["db": container(volumes: [volume])]), labels: ["db": labels]
        ) { _ in "/data/db" }
        #expect(failures.isEmpty, "\(failures)")
        return copies.first
    }

    private func words(_ copy: VolumeCopy?) -> String {
        guard let copy else { return "not saved" }
        return ([copy.mode.rawValue, copy.engine.rawValue] + copy.dump + copy.exclude.map { "-\($0)" })
            .joined(separator: " ")
    }

    @Test(
        "what comes of the plan's words and the labels",
        arguments: [
            Case(labels: [:], comesTo: "pause tar"),
            Case(labels: [mode: "stop"], comesTo: "stop tar"),
            Case(labels: [dump: #"["pg_dump"]"#], comesTo: "hook tar pg_dump"),
            Case(labels: [dump: "pg_dump | cat"], comesTo: "hook tar /bin/sh -c pg_dump | cat"),
            Case(labels: ["io.fairlead.backup.engine": "restic"], comesTo: "pause restic"),
            Case(labels: [mode: "none"], comesTo: "pause tar", notes: [notSaved]),
            Case(labels: [mode: "none", dump: "x"], comesTo: "hook tar /bin/sh -c x", notes: [notSaved]),
            Case(labels: [exclude: "*"], comesTo: "pause tar", notes: [leftOut]),
            Case(plan: VolumeBackup(exclude: ["cache"]), labels: [exclude: "*"], comesTo: "pause tar -cache"),
            Case(plan: VolumeBackup(mode: VolumeBackup.Mode.none), labels: [:], comesTo: "not saved"),
            Case(plan: VolumeBackup(mode: .live), labels: [mode: "none", dump: "x"], comesTo: "live tar"),
            Case(plan: VolumeBackup(dump: ["mine"]), labels: [mode: "none", dump: "x"], comesTo: "hook tar mine"),
            Case(labels: [mode: "hook"], comesTo: "pause tar", notes: [vain]),
            Case(
                labels: [mode: "hooks"], comesTo: "pause tar",
                notes: ["its image names a mode of backup that there is not"]),
            Case(
                plan: VolumeBackup(include: ["site"]), labels: ["io.fairlead.backup.engine": "restic"],
                comesTo: "pause tar", notes: [vain]),
            Case(labels: ["io.fairlead.backup.target": "/other", dump: "x"], comesTo: "pause tar"),
        ])
    func rules(given: Case) {
        let copy = copy(given.plan, given.labels)
        #expect(words(copy) == given.comesTo)
        #expect(copy?.notes ?? [] == given.notes)
    }

    @Test("of two containers that write a directory the plan's word for one counts, not the image of the other")
    func twoWriters() {
        var said = volume("db")
        said.backup = VolumeBackup(dump: ["pg_dump"])
        let plan = HostSupport.plan([
            "a": container(volumes: [said]), "b": container(volumes: [volume("db")]),
        ])
        let copies = VolumeCopy.all(of: plan, labels: ["b": [Self.mode: "live"]]) { _ in "/data/db" }.copies
        #expect(copies.map(words) == ["hook tar pg_dump"])
        #expect(copies.first?.container == "acme-a")
    }

    @Test(
        "a way that an image changed is measured by what was read in the way of before; one that the plan changed is not",
        arguments: [true, false])
    func measured(isByImage: Bool) throws {
        let run = try #require(BackupRunID("20261121T020000Z"))
        let files = try #require(copy(VolumeBackup(mode: .pause), [:]))
        var dumped = try #require(copy(VolumeBackup(dump: ["echo"]), [:]))
        dumped.isByImage = isByImage
        let memory = VolumeMemory.Volume(
            run: run, extent: DataExtent(bytes: 50 << 20, files: 12), selection: files.selection)
        let shrunk = memory.shrink(to: DataExtent(bytes: 5), of: dumped, ShrinkRule(percent: 50))
        #expect((shrunk != nil) == isByImage)
        #expect(memory.shrink(to: DataExtent(bytes: 40 << 20), of: dumped, ShrinkRule(percent: 50)) == nil)
        #expect(copy(nil, [Self.dump: "echo"])?.isByImage == true)
        #expect(dumped.selection != files.selection)
    }
}
