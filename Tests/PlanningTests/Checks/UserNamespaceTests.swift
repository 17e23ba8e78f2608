import Testing

@testable import Model
@testable import Planning

@Suite("Containers with user ids of their own (issue 11, less root)")
struct UserNamespaceTests {
    private func plan(_ containers: [String: UserNamespace?], stack: String = "acme") throws -> ResolvedPlan {
        let image = ImageSource.reference(try #require(ImageReference("localhost/web:1")))
        return ResolvedPlan(
            stack: stack, version: "1", host: "vsn1",
            containers: containers.mapValues {
                var container = ContainerPlan(image: image)
                container.userns = $0
                return container
            })
    }

    @Test("no two containers of a plan share an id of the host, and none has one that anything else may have")
    func disjoint() throws {
        let names = (0..<400).map { "c\($0)" }
        let ranges = try plan(Dictionary(uniqueKeysWithValues: names.map { ($0, .private) })).idRanges
        #expect(ranges.count == 400)
        #expect(Set(ranges.values.map(\.first)).count == 400)
        for range in ranges.values {
            #expect(range.first % IDRange.count == 0)
            #expect(range.first >= 0x7000_0000 && range.first <= 0x8000_0000 - IDRange.count)
        }
        // These two want the same place.
        #expect(IDRange.place(of: "acme-queue3") == IDRange.place(of: "acme-metrics1"))
        let both = try plan(["queue3": .private, "metrics1": .private]).idRanges
        #expect(Set(both.values.map(\.first)).count == 2)
    }

    @Test("a range stays with its container whichever of the others have one, and for all versions of fairlead")
    func stable() throws {
        let all = try plan(["api": .private, "database": .private, "web": .private]).idRanges
        let one = try plan(["api": nil, "database": .private, "web": .host]).idRanges
        #expect(one == all.filter { $0.key == "database" })
        #expect(all["web"]?.first == 0x7000_0000 + (fnv("acme-web") % 4096) << 16)
        #expect(try plan(["web": .private], stack: "other").idRanges["web"] != all["web"])
        #expect(try plan(["web": nil]).idRanges.isEmpty)
    }

    private func fnv(_ text: String) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }

    @Test("whom an owner is on the host; one beyond 65535 is nobody")
    func owners() {
        let range = IDRange(place: 1)
        #expect(range.outside(FileOwner(user: 0, group: 65_535)) == FileOwner(user: 0x7001_0000, group: 0x7001_ffff))
        #expect(range.outside(FileOwner(user: 65_536, group: 0)) == nil)
        #expect(range.outside(FileOwner(user: 0, group: .max)) == nil)
    }

    @Test(
        "what contradicts it is told with place and hint",
        arguments: [
            ProblemCase(
                #""privileged": true"#,
                "/privileged: a privileged container has the host's user ids, and 'userns' asks for its own; leave one "
                    + "of them out"),
            ProblemCase(
                #""user": "70000:1""#,
                "/user: user id '70000' does not exist in a user namespace of its own; write at most 65535, or leave "
                    + "'userns' out"),
            ProblemCase(
                #""volumes": [{"data": "web", "target": "/srv", "owner": "0:70000"}]"#,
                "/volumes/0/owner: owner '0:70000' does not exist in a user namespace of its own; write at most 65535, "
                    + "or leave 'userns' out"),
            ProblemCase(
                #""secretFiles": [{"secret": "key", "target": "/run/key", "owner": "65536:0"}]"#,
                "/secretFiles/0/owner: owner '65536:0' does not exist in a user namespace of its own; write at most "
                    + "65535, or leave 'userns' out"),
        ])
    func contradictions(_ test: ProblemCase) throws {
        let place = "plan.json:3 /containers/web"
        #expect(
            try MemoryTree(web: "\"userns\": \"private\", \(test.fields)").problems()
                == test.problems.map { place + $0 })
        #expect(try MemoryTree(web: "\"userns\": \"host\", \(test.fields)").problems() == [])
    }

    @Test("writing down that it has the host's ids changes no plan; its own are a change like any other")
    func written() throws {
        let absent = try MemoryTree(web: #""init": true"#).resolved().plan
        let host = try MemoryTree(web: #""userns": "host""#).resolved().plan
        let own = try MemoryTree(web: #""userns": "private", "user": "999:999""#).resolved().plan
        #expect(absent == host)
        #expect(own.containers["web"]?.userns == .private)
        let plain = try MemoryTree(web: #""user": "999:999""#).resolved().plan
        let changes = PlanComparison.changes(
            from: DesiredState(plan: plain, secretDigests: [:]), to: DesiredState(plan: own, secretDigests: [:]))
        #expect(changes.map(\.description) == ["web: userns host -> private"])
    }

    @Test("where the owner demands it, a container without one is refused, whatever the profile")
    func demanded() throws {
        var policy = VSNPolicy(profile: .trusted)
        policy.userns = .required
        let tree = MemoryTree(
            containers: #"""
                "api": {"image": "localhost/api:1", "userns": "private"}, "jobs": {"image": "localhost/jobs:1"},
                "web": {"image": "localhost/web:1", "userns": "host"}
                """#)
        let way =
            #" a container without a user namespace of its own ("userns": "private") is not allowed on this VSN; change "#
            + #"the plan, or 'policy.userns' in the VSN's configuration: "policy": {"userns": "allowed"}"#
        #expect(
            try tree.problems(policy: policy) == [
                "plan.json:3 /containers/jobs/userns:" + way, "plan.json:4 /containers/web/userns:" + way,
            ])
        #expect(try tree.problems(policy: VSNPolicy()) == [])
        #expect(policy.words.contains { $0.contains("user namespaces required") })
    }
}
