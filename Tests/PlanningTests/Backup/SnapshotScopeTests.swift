import Model
import Testing

@Suite("Which data is copied before a deployment, and which copies stay")
struct SnapshotScopeTests {
    private static func container(_ data: String..., mode: VolumeBackup.Mode? = nil) -> ContainerPlan {
        ContainerPlan(
            image: .archive(ImageArchive(url: "file:///a.tar", sha256: "00")),
            volumes: data.map {
                VolumePlan(source: .data($0), target: "/\($0)", backup: mode.map { VolumeBackup(mode: $0) })
            })
    }

    private static func plan(
        _ containers: [String: ContainerPlan], stack: String = "acme", keep: Int? = nil, backup: Bool = true
    ) -> ResolvedPlan {
        var plan = ResolvedPlan(stack: stack, version: "1", host: "vsn1", containers: containers)
        if backup {
            plan.backup = BackupPlan(recipients: [], targets: [:], beforeDeploy: keep.map(BeforeDeploy.init))
        }
        return plan
    }

    private static let old = plan(["database": container("db"), "web": container("files"), "proxy": container()])

    @Test("the data of everything that is stopped, and what only the new plan names")
    func whole() throws {
        let new = Self.plan(["database": Self.container("db2")])
        let scope = try #require(SnapshotScope(from: Self.old, to: new, replacing: nil))
        #expect(scope.volumes == ["db", "files"])
        #expect(scope.further == ["db2"])
        #expect(scope.leftOut == [])
        let renamed = Self.plan(["database": Self.container("db2")], stack: "b")
        #expect(SnapshotScope(from: Self.old, to: renamed, replacing: nil)?.further == [])
    }

    @Test("of a hotfix the data of its container; none where that has none")
    func hotfix() {
        #expect(SnapshotScope(from: Self.old, to: Self.old, replacing: ["web"])?.volumes == ["files"])
        #expect(SnapshotScope(from: Self.old, to: Self.old, replacing: ["web"])?.further == [])
        #expect(SnapshotScope(from: Self.old, to: Self.old, replacing: ["proxy"]) == nil)
        #expect(SnapshotScope(from: Self.old, to: Self.old, replacing: []) == nil)
    }

    @Test("mode 'none' is left out, and said to be; one container that saves the data is enough")
    func modeNone() throws {
        var old = Self.plan(["a": Self.container("cache", mode: VolumeBackup.Mode.none), "b": Self.container("db")])
        #expect(SnapshotScope(from: old, to: old, replacing: nil)?.leftOut == ["cache"])
        #expect(SnapshotScope(from: old, to: old, replacing: nil)?.volumes == ["db"])
        old.containers["b"] = Self.container("cache", "db", mode: .stop)
        #expect(SnapshotScope(from: old, to: old, replacing: nil)?.leftOut == [])
    }

    @Test("none without a backup section, with 'none', and where nothing is deployed")
    func none() {
        let containers = Self.old.containers
        #expect(SnapshotScope(from: Self.old, to: Self.plan(containers, backup: false), replacing: nil) == nil)
        #expect(SnapshotScope(from: Self.old, to: Self.plan(containers, keep: 0), replacing: nil) == nil)
        #expect(SnapshotScope(from: nil, to: Self.old, replacing: nil) == nil)
        let stateless = Self.plan(["proxy": Self.container()])
        #expect(SnapshotScope(from: stateless, to: Self.old, replacing: nil) == nil)
    }

    private static func snapshot(_ second: Int64, _ origin: DataSnapshot.Origin) -> DataSnapshot {
        DataSnapshot(
            run: BackupRunID(at: Timestamp(milliseconds: second * 1000)), origin: origin, deployment: second,
            stack: "acme", state: nil)
    }

    @Test("the newest copies stay, and what was set aside does not displace them")
    func surplus() {
        let all = [1, 2, 4].map { Self.snapshot($0, .copied) } + [3, 5].map { Self.snapshot($0, .setAside) }
        let table: [(keep: Int, coming: Int, gone: Set<Int64>)] = [
            (3, 0, []), (2, 0, [1]), (1, 0, [1, 2, 3]), (0, 0, [1, 2, 3, 4, 5]), (2, 1, [1, 2]), (1, 1, [1, 2, 3, 4]),
        ]
        for row in table {
            #expect(Set(all.surplus(keep: row.keep, coming: row.coming).map(\.deployment)) == row.gone, "\(row)")
        }
    }
}
