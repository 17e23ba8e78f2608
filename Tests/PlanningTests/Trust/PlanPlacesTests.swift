import Testing

@testable import Model
@testable import Planning

@Suite("T2: the places that a rule on the plan can name")
struct PlanPlacesTests {
    private let places = PlanPlaces()

    @Test("every key of the schema is one, and what holds it, also by the name of a container")
    func schema() {
        for key in PlanKey.all() {
            var parts = JSONPointer.parts(of: key.path)
            while !parts.isEmpty {
                for name in ["*", "web"] {
                    let pattern = parts.map { "/" + ($0 == "*" ? name : $0) }.joined()
                    #expect(places.has(pattern), "\(pattern)")
                }
                parts.removeLast()
            }
        }
        #expect(places.has("/containers/web/environment/TZ") && places.has("/host/sysctl/vm.swappiness"))
    }

    @Test(
        "one that no plan has is told with the nearest that there is",
        arguments: [
            ("/containers/*/imgae", "/containers/*/image"), ("/containers/web/imgae", "/containers/web/image"),
            ("/container/*/image", "/containers/*/image"),
            ("/containers/*/volumes/*/pathh", "/containers/*/volumes/*/path"),
            ("/backups", "/backup"), ("/hst", "/host"), ("/host/systcl", "/host/sysctl"),
            ("/backup/targets/*/mount/sorce", "/backup/targets/*/mount/source"),
            ("/web/image", "/containers/*/image"), ("/containers/*/health/htpp/port", "/containers/*/health/http/port"),
            ("/nothing/of/this", nil),
        ] as [(String, String?)])
    func unknown(pattern: String, meant: String?) {
        #expect(!places.has(pattern))
        #expect(places.nearest(to: pattern) == meant)
        let words = meant.map { "; did you mean '\($0)'?" } ?? ""
        let rule = ChangeRule(paths: ["plan.jsn"], plan: ["/backup", pattern])
        #expect(places.fault(of: rule) == "'\(pattern)' is no key of a plan" + words)
    }

    @Test("what the host calls a part of the plan that is deployed counts, since it is bound too")
    func deployed() throws {
        let plan = try MemoryTree(web: #""health": "none""#, more: #""host": {"hostname": "vsn1"}"#).resolved().plan
        let here = PlanPlaces(deployed: plan)
        #expect(here.has("/hostSettings/hostname") && here.fault(of: ChangeRule(plan: ["/hostSettings"])) == nil)
        #expect(!places.has("/hostSettings") && !here.has("/hostSettings/timezone"))
    }
}

@Suite("T2: the files that a rule on paths can name")
struct RepositoryPlacesTests {
    private let places = RepositoryPlaces(
        ["plan.json", "files/web/site.conf", "ci/build.sh"].map { SourceEntry(path: $0, kind: .file, size: 1) })

    @Test(
        "what the repo has, what a host looks at once it is there, and what may be anywhere",
        arguments: [
            "plan.json", "files/web", "files/web/", "ci", "secrets.json.age", "hosts", "images/**", "files/db/*.conf",
            "**/Containerfile", "*.md",
        ])
    func known(path: String) {
        #expect(places.fault(of: ChangeRule(paths: [path], plan: ["/backups"])) == nil)
    }

    @Test(
        "one at which the repo has nothing is told with the nearest that there is",
        arguments: [
            ("plan.jsn", "plan.json"), ("Plan.json", "plan.json"), ("file", "files"), ("fiels/**", nil),
            ("files/web/site.cnf", "files/web/site.conf"), ("hosts/vsn9.json", nil),
        ] as [(String, String?)])
    func unknown(path: String, meant: String?) {
        let words = meant.map { "; did you mean '\($0)'?" } ?? ""
        let rule = ChangeRule(paths: ["plan.json", path])
        #expect(places.fault(of: rule) == "nothing in the repo is at '\(path)'" + words)
    }
}
