import Testing

@testable import Model
@testable import Planning

@Suite("What becomes of the data when a plan changes")
struct DataSuccessionTests {
    /// A container by name, with its image and the volumes `DATA:TARGET`.
    private static func plan(
        stack: String = "acme", formerly: String? = nil, backup: BackupPlan? = nil,
        _ containers: [String: (image: String, volumes: [VolumePlan])]
    ) -> ResolvedPlan {
        ResolvedPlan(
            stack: stack, version: "1", host: "berlin",
            containers: containers.mapValues { image, volumes in
                ContainerPlan(image: .reference(FullState.image("localhost/\(image):1")), volumes: volumes)
            }, backup: backup, formerly: formerly)
    }

    private static func volume(
        _ name: String, _ target: String = "/data", formerly: String? = nil, startEmpty: Bool? = nil
    ) -> VolumePlan {
        VolumePlan(source: .data(name), target: target, formerly: formerly, startEmpty: startEmpty)
    }

    private static let old = plan(["db": ("postgres", [volume("db")]), "web": ("web", [])])

    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        var old = DataSuccessionTests.old
        let new: ResolvedPlan
        var found: Set<DataPlace> = []
        var changes: [String] = []
        /// Message only.
        var problems: [String] = []

        var testDescription: String { rule }
    }

    private static let stays = "data directory 'db': stays behind on the host"

    static let renamed = [
        Case(
            rule: "another name at the same place needs a word", new: plan(["db": ("postgres", [volume("database")])]),
            changes: [stays, "data directory 'database': starts empty"],
            problems: ["'db' stays behind on the host, 'database' starts empty"]),
        Case(
            rule: "so does a container that is renamed with its data",
            new: plan(["database": ("postgres", [volume("database")])]),
            changes: [stays, "data directory 'database': starts empty"],
            problems: ["'db' stays behind on the host, 'database' starts empty"]),
        Case(
            rule: "and one of the same software elsewhere",
            new: plan(["other": ("postgres", [volume("new", "/else")])]),
            changes: [stays, "data directory 'new': starts empty"],
            problems: ["'db' stays behind on the host, 'new' starts empty"]),
        Case(
            rule: "'formerly' renames", new: plan(["db": ("postgres", [volume("database", formerly: "db")])]),
            changes: ["data directory 'database': is renamed from 'db'"]),
        Case(
            rule: "a former name that nothing had does not count",
            new: plan(["db": ("postgres", [volume("database", formerly: "dv")])]),
            changes: [stays, "data directory 'database': starts empty"],
            problems: ["'db' stays behind on the host, 'database' starts empty"]),
        Case(
            rule: "'startEmpty' says that it is meant",
            new: plan(["db": ("postgres", [volume("database", startEmpty: true)])]),
            changes: [stays, "data directory 'database': starts empty"]),
        Case(
            rule: "with a backup it may be restored, which is said",
            new: plan(
                backup: BackupPlan(recipients: [], targets: [:]),
                ["db": ("postgres", [volume("database", startEmpty: true)])]),
            changes: [stays, "data directory 'database': starts empty, unless a backup holds it"]),
        Case(
            rule: "what is on the host already does not start empty",
            new: plan(["db": ("postgres", [volume("database")])]), found: [DataPlace(stack: "acme", name: "database")],
            changes: [stays, "data directory 'database': is on the host already, and is used as it is"]),
        Case(
            rule: "a revert of a renaming renames back without a word",
            old: plan(["db": ("postgres", [volume("database", formerly: "db")])]),
            new: plan(["db": ("postgres", [volume("db")])]),
            changes: ["data directory 'db': is renamed from 'database'"]),
        Case(
            rule: "another container's data in place of the own needs a word, though nothing is left",
            new: plan(["db": ("postgres", [volume("new")]), "copy": ("copy", [volume("db", "/copy")])]),
            changes: ["data directory 'new': starts empty"],
            problems: ["'new' starts empty where 'db' served before"]),
    ]

    static let harmless = [
        Case(
            rule: "a new container with data of its own needs none",
            new: plan(["db": ("postgres", [volume("db")]), "queue": ("queue", [volume("queue")])])),
        Case(
            rule: "so does one that comes while another goes",
            new: plan(["web": ("web", []), "queue": ("queue", [volume("queue", "/queue")])]), changes: [stays]),
        Case(
            rule: "a dropped container leaves its data, which is said", new: plan(["web": ("web", [])]),
            changes: [stays]),
        Case(
            rule: "a further volume, and another place for the old one, leave nothing",
            new: plan(["db": ("postgres", [volume("tmp"), volume("db", "/elsewhere")])])),
        Case(
            rule: "a container that is renamed around its data loses nothing",
            new: plan(["database": ("postgres18", [volume("db", "/elsewhere")])])),
        Case(rule: "the same plan changes nothing", new: old),
    ]

    static let stacks = [
        Case(
            rule: "a renamed stack needs a word", new: plan(stack: "beta", ["db": ("postgres", [volume("db")])]),
            changes: ["data directory 'acme/db': stays behind on the host", "data directory 'db': starts empty"],
            problems: [
                "the data of stack 'acme' ('db') stays behind on the host, stack 'beta' starts empty ('db')"
            ]),
        Case(
            rule: "'formerly' moves its data",
            new: plan(stack: "beta", formerly: "acme", ["db": ("postgres", [volume("db")])]),
            changes: ["data directory 'db': is renamed from 'acme/db'"]),
        Case(
            rule: "and renames it on the way",
            new: plan(stack: "beta", formerly: "acme", ["db": ("postgres", [volume("database", formerly: "db")])]),
            changes: ["data directory 'database': is renamed from 'acme/db'"]),
        Case(
            rule: "a revert moves it back",
            old: plan(stack: "beta", formerly: "acme", ["db": ("postgres", [volume("db")])]),
            new: old, changes: ["data directory 'db': is renamed from 'beta/db'"]),
        Case(
            rule: "a stack without data may have any name", old: plan(["web": ("web", [])]),
            new: plan(stack: "beta", ["web": ("web", [])])),
    ]

    @Test("is said, and needs a word where a service would start on nothing", arguments: renamed + harmless + stacks)
    func table(_ entry: Case) {
        let data = DataSuccession(from: entry.old, to: entry.new)
        #expect(data.changes(found: entry.found).map(\.description) == entry.changes)
        #expect(data.problems(found: entry.found).map(\.message) == entry.problems)
    }

    @Test("nothing is lost on a host on which nothing was ever deployed")
    func fresh() {
        let plan = Self.plan(["db": ("postgres", [Self.volume("database", formerly: "db")])])
        let data = DataSuccession(from: nil, to: plan)
        #expect(data.changes(found: []).isEmpty && data.problems(found: []).isEmpty)
        // The directory may be there all the same, after a roll back.
        let places = { (name: String) in DataPlace(stack: "acme", name: name) }
        #expect(data.moves == [DataMove(to: places("database"), from: [places("db")])])
    }

    @Test("a former name that stays in the plan moves nothing again")
    func settled() {
        let plan = Self.plan(["db": ("postgres", [Self.volume("database", formerly: "db")])])
        #expect(DataSuccession(from: plan, to: plan).moves.isEmpty)
    }

    @Test("the refusal names both words, with the place to write them")
    func hints() {
        let new = Self.plan(["db": ("postgres", [Self.volume("database")])])
        #expect(
            DataSuccession(from: Self.old, to: new).problems(found: []).map(\.description) == [
                "plan.json /containers/db/volumes/0/data: 'db' stays behind on the host, 'database' starts empty; add "
                    + "\"formerly\": \"db\" to rename the directory, or \"startEmpty\": true to begin without that data"
            ])
        let both = Self.plan(stack: "beta", formerly: "acme", ["db": ("postgres", [Self.volume("database")])])
        #expect(
            DataSuccession(from: Self.old, to: both).problems(found: []).map(\.hint) == [
                "add \"formerly\": \"db\" to rename the directory, or \"startEmpty\": true to begin without that data"
            ])
        let stack = Self.plan(stack: "beta", ["db": ("postgres", [Self.volume("db")])])
        #expect(
            DataSuccession(from: Self.old, to: stack).problems(found: []).map(\.hint) == [
                "add \"formerly\": \"acme\" beside 'stack' to move the data, or \"startEmpty\": true to each volume to "
                    + "begin without it"
            ])
    }

    @Test("former names replace no container")
    func replacesNothing() {
        let before = DesiredState(plan: Self.plan(["db": ("postgres", [Self.volume("db")])]))
        let after = DesiredState(
            plan: Self.plan(formerly: "old", ["db": ("postgres", [Self.volume("db", formerly: "x")])]))
        #expect(PlanComparison.replacedContainers(from: before, to: after) == [])
    }
}
