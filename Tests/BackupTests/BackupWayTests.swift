import HostSupport
import Model
import Testing

@testable import Backup
@testable import HostSystem

@Suite("T3: how each data directory is saved is told with who says so, before anything is deployed")
struct BackupWayTests {
    private static let dump = "io.fairlead.backup.dump"
    private static let mode = "io.fairlead.backup.mode"
    private static let missing = BackupWay.ImageLabels.unknown("it is not here")

    struct Case: Sendable {
        var plan: VolumeBackup?
        var own: [String: String] = [:]
        var image: BackupWay.ImageLabels
        var comesTo: String
    }

    private func way(_ given: Case, readOnly: Bool = false) throws -> BackupWay {
        var volume = volume("db")
        volume.backup = given.plan
        volume.readOnly = readOnly
        var container = container(volumes: [volume])
        container.labels = given.own
        return try #require(BackupWay.all(of: plan(["db": container]), images: ["db": given.image]).first)
    }

    private func words(_ way: BackupWay) -> String {
        ([way.origin.rawValue, way.mode?.rawValue, way.engine?.rawValue].compactMap(\.self) + (way.dump ?? [])
            + way.notes).joined(separator: " ")
    }

    @Test(
        "the plan, the image's label and the default are told apart; what is not known is said, not guessed",
        arguments: [
            Case(image: .known([:]), comesTo: "default pause tar"),
            Case(image: .known([mode: "stop"]), comesTo: "image stop tar"),
            Case(image: .known([dump: #"["pg_dump"]"#]), comesTo: "image hook tar pg_dump"),
            Case(plan: VolumeBackup(mode: .hook), image: .known([dump: #"["d"]"#]), comesTo: "image hook tar d"),
            Case(plan: VolumeBackup(mode: .pause), image: .known([mode: "stop"]), comesTo: "plan pause tar"),
            Case(plan: VolumeBackup(exclude: ["x"]), image: .known([:]), comesTo: "default pause tar"),
            Case(plan: VolumeBackup(mode: VolumeBackup.Mode.none), image: missing, comesTo: "plan none"),
            Case(image: missing, comesTo: "unknown it is not here"),
            Case(plan: VolumeBackup(mode: .pause), image: missing, comesTo: "unknown it is not here"),
            Case(plan: VolumeBackup(mode: .pause, engine: .tar), image: missing, comesTo: "plan pause tar"),
            Case(plan: VolumeBackup(dump: ["d"]), image: missing, comesTo: "plan hook tar d"),
            Case(own: [mode: "live"], image: .known([mode: "stop"]), comesTo: "plan live tar"),
            Case(
                image: .known([mode: "none"]),
                comesTo: "default pause tar its image says that it is not to be saved, which only the plan can say"),
        ])
    func origins(given: Case) throws {
        let way = try way(given)
        #expect(words(way) == given.comesTo)
        // What is told is what a run does.
        guard case .known(let labels) = given.image else { return }
        var volume = volume("db")
        volume.backup = given.plan
        let copy = VolumeCopy.all(
            of: plan(["db": container(volumes: [volume])]), labels: ["db": labels.merging(given.own) { $1 }]
        ) { _ in "/data/db" }.copies.first
        #expect(copy?.mode == way.mode && copy?.engine == way.engine)
        #expect(way.mode != .hook || copy?.dump == way.dump)
    }

    @Test("a dump that nobody describes is told as not saved, with what to do")
    func nobody() throws {
        let way = try way(Case(plan: VolumeBackup(mode: .hook), image: .known([:]), comesTo: ""))
        #expect(way.mode == nil && way.origin == .plan)
        #expect(way.notes.first?.contains("nobody says how to dump it") == true)
    }

    @Test("a directory that nothing writes is copied as it is, whatever an image says")
    func reader() throws {
        let given = Case(image: .known([Self.mode: "stop"]), comesTo: "")
        #expect(try words(way(given, readOnly: true)) == "default live tar")
    }
}
