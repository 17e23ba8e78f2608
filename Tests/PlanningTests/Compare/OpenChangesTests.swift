import Testing

@testable import Model
@testable import Planning

@Suite("Which changes are still to be made at a state between two others")
struct OpenChangesTests {
    @Test("none at the new state, all at the old one, whatever differs")
    func ends() {
        let old = FullState.state
        for change in Self.changes {
            var new = old
            change.apply(&new)
            let all = Set(PlanComparison.changes(from: old, to: new).indices)
            #expect(!all.isEmpty && PlanComparison.open(at: old, of: old, to: new) == all, "\(change.name)")
            #expect(PlanComparison.open(at: new, of: old, to: new).isEmpty, "\(change.name)")
        }
    }

    @Test("a change of something else does not open it")
    func others() {
        let old = FullState.state
        for (index, change) in Self.changes.enumerated() {
            for other in Self.changes[(index + 1)...] + Self.changes[..<index] {
                var new = old
                change.apply(&new)
                var between = new
                other.apply(&between)
                let open = PlanComparison.open(at: between, of: old, to: new)
                #expect(open.isEmpty, "\(change.name), \(other.name)")
            }
        }
    }

    @Test("another value of the same field opens it")
    func thirdValue() {
        var new = FullState.state
        new.plan.containers["web"]?.resources.memory = ByteCount(bytes: 512 << 20)
        new.plan.containers["web"]?.environment["LOG_LEVEL"] = SecretText(source: "debug")
        new.plan.version = "1.1.0"
        new.secretDigests["mail"] = "d3"
        var between = new
        between.plan.containers["web"]?.resources.memory = ByteCount(bytes: 1 << 30)
        between.secretDigests["mail"] = "d4"
        let changes = PlanComparison.changes(from: FullState.state, to: new).map(\.description)
        let open = PlanComparison.open(at: between, of: FullState.state, to: new).sorted().map { changes[$0] }
        #expect(open == ["web: memory 256 MiB -> 512 MiB", "secret 'mail' changed"])
    }

    @Test("a volume or a container that was missing in between opens all that changed of it")
    func parts() {
        var new = FullState.state
        new.plan.containers["web"]?.volumes[0].owner = FileOwner(user: 34, group: 34)
        new.plan.containers["web"]?.workingDirectory = "/other"
        var without = new
        without.plan.containers["web"]?.volumes = []
        #expect(PlanComparison.open(at: without, of: FullState.state, to: new).count == 1)
        without.plan.containers["web"] = nil
        #expect(PlanComparison.open(at: without, of: FullState.state, to: new).count == 2)
    }

    @Test("a container that was added stays added, however it was changed later")
    func added() {
        let new = FullState.state
        var old = new
        old.plan.containers["jobs"] = nil
        old.plan.hotfixes["jobs"] = nil
        var between = new
        between.plan.containers["jobs"]?.user = "1:1"
        #expect(PlanComparison.changes(from: old, to: new).map(\.text) == ["container added"])
        #expect(PlanComparison.open(at: between, of: old, to: new).isEmpty)
    }

    private struct Change: Sendable {
        let name: String
        let apply: @Sendable (inout DesiredState) -> Void
    }

    private static let changes = [
        Change(name: "version") { $0.plan.version = "2.0.0" },
        Change(name: "subnet") { $0.plan.network.subnet = nil },
        Change(name: "host name") { $0.plan.hostSettings?.hostname = "other" },
        Change(name: "backup schedule") { $0.plan.backup?.schedule = "1 1 * * *" },
        Change(name: "backup target") { $0.plan.backup?.targets["share"] = nil },
        Change(name: "mail") { $0.plan.mail?.from = "other@example.com" },
        Change(name: "web image") {
            $0.plan.containers["web"]?.image = .build(BuildContext(path: "i", contentDigest: "d"))
        },
        Change(name: "web hotfix") { $0.plan.hotfixes["web"] = nil },
        Change(name: "web environment A") { $0.plan.containers["web"]?.environment["A"] = SecretText(source: "1") },
        Change(name: "web environment AB") { $0.plan.containers["web"]?.environment["AB"] = SecretText(source: "1") },
        Change(name: "web file") { $0.plan.containers["web"]?.files[0].contentDigest = "other" },
        Change(name: "web port") { $0.plan.containers["web"]?.ports = [] },
        Change(name: "web health retries") { $0.plan.containers["web"]?.health?.retries = 1 },
        Change(name: "web cpus") { $0.plan.containers["web"]?.resources.cpus = 2 },
        Change(name: "web labels") { $0.plan.containers["web"]?.labels["team"] = "edge" },
        Change(name: "database build") {
            $0.plan.containers["database"]?.image = .build(
                BuildContext(path: "images/database", contentDigest: "other"))
        },
        Change(name: "secret") { $0.secretDigests["mail"] = "d3" },
    ]
}
