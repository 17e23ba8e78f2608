import Model
import Testing

@testable import Deploying

@Suite("What is said of the data before a deployment")
struct DataOutlookTests {
    /// Knows what lies where, and nothing else.
    private struct Memory: DataMemory {
        let findings: [String: DataFinding]

        func findings(on names: Set<String>, in plan: ResolvedPlan) -> [String: DataFinding] {
            findings.filter { names.contains($0.key) }
        }
        func beginFilling(_ plan: ResolvedPlan) throws { throw Unexpected() }
        func remember(_ names: Set<String>, of plan: ResolvedPlan) throws { throw Unexpected() }
        func learn(_ plan: ResolvedPlan) throws { throw Unexpected() }
        func release(_ stack: String) throws -> Set<String> { throw Unexpected() }
        func reclaim(_ names: Set<String>, of stack: String) throws { throw Unexpected() }
    }

    private struct Names: DataRenaming {
        var renames: [DataRename] = []
        var obstacle: DeploymentError?

        func renames(for moves: [DataMove]) throws -> [DataRename] {
            if let obstacle { throw obstacle }
            return renames
        }
        func rename(_ rename: DataRename) throws { throw Unexpected() }
        func keepRenames(of plan: ResolvedPlan) throws { throw Unexpected() }
        func undoRenames() throws -> [DataRename] { throw Unexpected() }
    }

    private struct Unexpected: Error {}

    private static func plan(restores: Bool) throws -> ResolvedPlan {
        let image = ImageSource.reference(try #require(ImageReference("localhost/db:1")))
        var plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: [:])
        for name in ["db", "queue"] {
            plan.containers[name] = ContainerPlan(
                image: image, volumes: [VolumePlan(source: .data(name), target: "/data")])
        }
        if restores { plan.backup = BackupPlan(recipients: [], targets: [:]) }
        return plan
    }

    private static func mark(inode: UInt64 = 1, released: Bool = false) -> DataMark {
        DataMark(fileSystem: FileSystemMark(uuid: "disk", device: 1), inode: inode, held: true, released: released)
    }

    private static let right = DataFinding(condition: .filled, found: mark(), known: mark())
    private static let gone = DataFinding(condition: .missing, known: mark())
    private static let released = DataFinding(condition: .missing, known: mark(released: true))

    private func filling(
        _ findings: [String: DataFinding], _ names: Names = Names(), restores: Bool = true, isDeployed: Bool = true,
        replacing: Set<String>? = nil
    ) async throws -> DataOutlook.Filling {
        let plan = try Self.plan(restores: restores)
        return try await DataOutlook(
            of: plan, after: isDeployed ? plan : nil, data: Memory(findings: findings), renames: names
        ).filling(replacing: replacing, moves: [])
    }

    @Test("what is gone is told, with something deployed and with nothing; a hotfix looks at what it replaces")
    func gone() async throws {
        for isDeployed in [true, false] {
            let error = await #expect(throws: DeploymentError.self) {
                try await filling(["db": Self.gone, "queue": Self.right], isDeployed: isDeployed)
            }
            #expect(error?.message.contains("the data of 'db' was on this host and is gone") == true)
        }
        _ = try await filling(["db": Self.gone, "queue": Self.right], replacing: ["queue"])
        await #expect(throws: DeploymentError.self) { try await filling(["db": Self.gone], replacing: ["db"]) }
    }

    @Test("after a teardown what is gone comes from a backup; where none holds it, the deployment is refused")
    func released() async throws {
        let found = try await filling(["db": Self.released, "queue": Self.right], isDeployed: false)
        #expect(found.owed == ["db"] && found.refusal(withoutBackupOf: ["queue"]) == nil)
        #expect(found.refusal(withoutBackupOf: ["db"])?.message.contains("no backup holds it") == true)
        await #expect(throws: DeploymentError.self) {
            try await filling(["db": Self.released], restores: false, isDeployed: false)
        }
        let new = try await filling(["db": DataFinding(condition: .missing)], isDeployed: false)
        #expect(new.owed == [])
    }

    @Test("what is renamed is looked at under its former name, and not under the new one")
    func renamed() async throws {
        let rename = DataRename(
            from: DataPlace(stack: "acme", name: "database"), to: DataPlace(stack: "acme", name: "db"))
        let names = Names(renames: [rename])
        _ = try await filling(["database": Self.right, "db": Self.gone, "queue": Self.right], names)
        let other = DataFinding(condition: .filled, found: Self.mark(inode: 2), known: Self.mark())
        let error = await #expect(throws: DeploymentError.self) {
            try await filling(["database": other, "queue": Self.right], names)
        }
        #expect(error?.message.contains("the data of 'database' is not there") == true)
    }

    @Test("after a teardown, too, the mount point of a disk that is away is not renamed; what was put there is")
    func renamedMountPoint() async throws {
        let rename = DataRename(
            from: DataPlace(stack: "acme", name: "database"), to: DataPlace(stack: "acme", name: "db"))
        func found(_ condition: DataCondition, inode: UInt64) -> DataFinding {
            var found = Self.mark(inode: inode)
            found.held = condition == .filled
            return DataFinding(condition: condition, found: found, known: Self.mark(released: true))
        }
        let names = Names(renames: [rename])
        let error = await #expect(throws: DeploymentError.self) {
            try await filling(["database": found(.empty, inode: 2), "queue": Self.right], names, isDeployed: false)
        }
        #expect(error?.message.contains("another directory lies in the place") == true)
        for there in [found(.filled, inode: 2), found(.filled, inode: 1), found(.empty, inode: 1)] {
            _ = try await filling(["database": there, "queue": Self.right], names, isDeployed: false)
        }
    }

    @Test("what keeps a data directory from being renamed is told as the deployment tells it; a hotfix renames nothing")
    func obstacle() async throws {
        let names = Names(obstacle: DeploymentError("both hold data", hint: "", disposition: .permanent))
        let error = await #expect(throws: DeploymentError.self) { try await filling([:], names) }
        #expect(error?.message == "both hold data")
        _ = try await filling(["db": Self.right], names, replacing: ["db"])
    }
}
