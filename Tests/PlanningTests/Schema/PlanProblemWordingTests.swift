import Model
import Testing

@Suite("Problems of a plan are said so that they can be mended")
struct PlanProblemWordingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// Replaced in the example plan by the second text.
        let old: String
        let new: String
        let expected: [String]
        var testDescription: String { new.isEmpty ? "without \(old)" : new }

        init(_ old: String, _ new: String, _ expected: String...) {
            self.old = old
            self.new = new
            self.expected = expected
        }
    }

    private static let keys: [Case] = [
        Case(
            "\"ports\"", "\"prots\"", "plan.json:15 /containers/web/prots: unknown key 'prots'; did you mean 'ports'?"),
        Case(
            "\"target\": \"/etc", "\"traget\": \"/etc",
            "plan.json:16 /containers/web/files/0/traget: unknown key 'traget'; did you mean 'target'?"),
        Case(
            "\"onFailure\"", "\"on-failure\"",
            "plan.json:24 /on-failure: unknown key 'on-failure'; did you mean 'onFailure'?"),
        Case(
            "\"tls\": true", "\"https\": true",
            "plan.json:17 /containers/web/health/http/https: unknown key 'https'; known here: path, port, tls"),
        Case(
            "\"resources\": {\"memory\": \"512MiB\", \"cpus\": 1}", "\"memory\": \"512MiB\"",
            "plan.json:12 /containers/database/memory: unknown key 'memory'; it belongs in 'resources'"),
        Case(
            "\"small\": {\"containers\"", "\"small\": {\"contaners\"",
            "plan.json:18 /sizes/small/contaners: unknown key 'contaners'; did you mean 'containers'?"),
        Case("\"stack\": \"acme\", ", "", "plan.json:1: 'stack' is missing; add \"stack\": \"acme\""),
        Case("\"schemaVersion\": 1,", "", "plan.json:1: 'schemaVersion' is missing; add \"schemaVersion\": 1"),
        Case(
            "{\"port\": 8443, ", "{", "plan.json:17 /containers/web/health/http: 'port' is missing; add \"port\": 8443"),
        Case(
            "\"data\": \"database\", ", "",
            "plan.json:10 /containers/database/volumes/0: 'data', 'path' or 'release' is missing; add \"data\": \"database\" for a directory that fairlead keeps, \"path\": \"/mnt/share\" for one of the host, or \"release\": \"docs\" for the vendor's files"
        ),
        Case(
            "\"data\": \"database\", ", "\"data\": \"database\", \"path\": \"/mnt\", ",
            "plan.json:10 /containers/database/volumes/0: 'data' and 'path' exclude each other; keep one of them"),
        Case(
            "\"command\": [\"pg_isready\"], ", "",
            "plan.json:11 /containers/database/health: 'command', 'http' or 'tcp' is missing; add for example \"http\": {\"port\": 8443, \"path\": \"/healthz\"}"
        ),
    ]

    private static let types: [Case] = [
        Case(
            "\"interval\": \"5s\"", "\"interval\": 5",
            "plan.json:11 /containers/database/health/interval: must be a string, is a number; write a duration such as '30s'"
        ),
        Case(
            "\"cpus\": 1", "\"cpus\": \"1\"",
            "plan.json:12 /containers/database/resources/cpus: must be a number, is a string; write 1 without quotes"),
        Case(
            "\"tls\": true", "\"tls\": \"true\"",
            "plan.json:17 /containers/web/health/http/tls: must be true or false, is a string; write true without quotes"
        ),
        Case(
            "\"retries\": 12", "\"retries\": 1.5",
            "plan.json:11 /containers/database/health/retries: must be a whole number, is 1.5; write for example 12"),
        Case(
            "\"version\": \"3.43.2\"", "\"version\": 3.43",
            "plan.json:2 /version: must be a string, is a number; write a version such as '3.43.2'"),
        Case(
            "\"${secret:database}\"", "5432",
            "plan.json:9 /containers/database/environment/POSTGRES_PASSWORD: must be a string, is a number; write \"5432\""
        ),
        Case(
            "[\"pg_isready\"]", "\"pg_isready\"",
            "plan.json:11 /containers/database/health/command: must be a list, is a string; write a list such as [\"pg_isready\"]"
        ),
        Case(
            "[\"443:8443\"]", "[443]",
            "plan.json:15 /containers/web/ports/0: must be a string, is a number; write a port mapping such as '8080:80'"
        ),
        Case(
            "{\"subnet\": \"10.89.7.0/24\"}", "null", "plan.json:5 /network: must be an object, is null; leave it out"),
        Case(
            "\"registry.example.com/acme/web:${version}\"", "7",
            "plan.json:14 /containers/web/image: must be a string or an object, is a number; write an image reference such as 'registry.example.com/acme/web:3.43.2', {\"archive\": …, \"sha256\": …} or {\"build\": …}"
        ),
        Case(
            "\"password\": \"${secret:mail}\"", "\"password\": 8675309",
            "plan.json:23 /mail/password: must be a string, is a number"),
    ]

    private static let image = "\"registry.example.com/acme/web:${version}\""

    private static let values: [Case] = [
        Case(
            "\"onFailure\": \"containerless\"", "\"onFailure\": \"privious\"",
            "plan.json:24 /onFailure: must be 'containerless' or 'previous', is 'privious'; did you mean 'previous'?"),
        Case(
            "\"schemaVersion\": 1", "\"schemaVersion\": 2",
            "plan.json:1 /schemaVersion: must be 1, is 2; this fairlead reads plans of schemaVersion 1"),
        Case(
            "\"14d\"", "\"two weeks\"",
            "plan.json:20 /maintenance/cleanup/keep: 'two weeks' is not a duration; write a duration such as '14d'"),
        Case(
            "\"0700\"", "\"rwx\"",
            "plan.json:10 /containers/database/volumes/0/mode: 'rwx' is not an octal mode; write an octal mode such as '0700'"
        ),
        Case(
            "\"999:999\"", "\"postgres\"",
            "plan.json:10 /containers/database/volumes/0/owner: 'postgres' is not an owner; write an owner such as '999:999'"
        ),
        Case(
            "\"stack\": \"acme\"", "\"stack\": \"Acme Corp\\n\"",
            "plan.json:2 /stack: 'Acme Corp ' is not a stack name; write a stack name such as 'acme': up to 31 lower-case letters, digits and '-'"
        ),
        Case(
            "\"web\": {\n", "\"Web\": {\n",
            "plan.json:13 /containers/Web: 'Web' is not a container name; write a container name such as 'web': up to 41 lower-case letters, digits and '-'"
        ),
        Case(
            "\"port\": 8443", "\"port\": 84430",
            "plan.json:17 /containers/web/health/http/port: must be at most 65535, is 84430; write for example 8443"),
        Case(
            "\"cpus\": 1", "\"cpus\": 0",
            "plan.json:12 /containers/database/resources/cpus: must be more than 0, is 0; write for example 1.5"),
        Case(
            "[\"ops@acme.example.com\"]", "[]",
            "plan.json:22 /mail/to: must not be empty; write for example [\"ops@acme.example.com\"]"),
        Case(
            "[\"database\"]", "[\"database\", \"database\"]",
            "plan.json:15 /containers/web/dependsOn/1: 'database' stands twice in the list; remove one of the two"),
        Case(
            "{\"source\": \"files/web/site.conf\"", "{\"source\": \"\"",
            "plan.json:16 /containers/web/files/0/source: must not be empty; write a path in the repo such as 'files/web/site.conf'"
        ),
        Case(
            image, "{\"archive\": \"file:///web.tar\"}",
            "plan.json:14 /containers/web/image: 'sha256' is missing; add \"sha256\"; write the 64 lower-case hexadecimal digits that 'sha256sum' prints"
        ),
        Case(
            image, "{\"build\": \"images/web\", \"sha256\": \"00\"}",
            "plan.json:14 /containers/web/image/sha256: unknown key 'sha256'; known here: build"),
        Case(
            image, "{\"archive\": \"file:///web.tar\", \"sha256\": \"00\"}",
            "plan.json:14 /containers/web/image/sha256: '00' is not a SHA-256 digest of 64 lower-case hexadecimal digits; write the 64 lower-case hexadecimal digits that 'sha256sum' prints"
        ),
        Case(
            image, "{\"buidl\": \"images/web\"}",
            "plan.json:14 /containers/web/image: is none of the forms allowed here; write an image reference such as 'registry.example.com/acme/web:3.43.2', {\"archive\": …, \"sha256\": …} or {\"build\": …}"
        ),
        Case(
            "\"dependsOn\"", "\"secretFiles\": [{\"secret\": \"${secret:tls}\", \"target\": \"/t\"}], \"dependsOn\"",
            "plan.json:15 /containers/web/secretFiles/0/secret: '${secret:tls}' is not the name of a secret; write the name of a secret such as 'tls-key'"
        ),
        Case(
            "\"dependsOn\"", "\"capabilities\": {\"add\": [\"CAP_NET_ADMIN\"]}, \"dependsOn\"",
            "plan.json:15 /containers/web/capabilities/add/0: 'CAP_NET_ADMIN' is not a capability without 'CAP_'; write a capability without 'CAP_' such as 'NET_ADMIN'"
        ),
    ]

    @Test("with file, line, pointer, what is wrong and what to write instead", arguments: keys + types + values)
    func wording(_ example: Case) throws {
        let text = ExamplePlan.text.replacing(example.old, with: example.new, maxReplacements: 1)
        try #require(text != ExamplePlan.text)
        let problems = try ExamplePlan.problems(of: text).map(\.description)
        #expect(problems.joined(separator: "\n") == example.expected.joined(separator: "\n"))
    }

    @Test("all at once, in the order of the lines")
    func together() throws {
        let all = Self.values.filter { !$0.old.contains("\"web\"") && $0.old != Self.image }
        let text = all.reduce(ExamplePlan.text) { $0.replacing($1.old, with: $1.new, maxReplacements: 1) }
        let problems = try ExamplePlan.problems(of: text)
        #expect(problems.count >= 10)
        #expect(problems.compactMap(\.line) == problems.compactMap(\.line).sorted())
    }

    @Test("a plan without containers, and what is no plan at all")
    func wholeDocuments() throws {
        let empty = #"{"schemaVersion": 1, "stack": "a", "version": "1", "containers": {}}"#
        #expect(
            try ExamplePlan.problems(of: empty).map(\.description) == [
                """
                plan.json:1 /containers: must not be empty; write at least one container, such as "web": {"image": \
                "registry.example.com/acme/web:${version}"}
                """
            ])
        for text in ["[]", "null", "\"plan\"", "7"] {
            #expect(try ExamplePlan.problems(of: text).first?.message.hasPrefix("must be an object, is ") == true)
        }
    }

    @Test("a text too long to be matched is refused, not cut")
    func overlong() throws {
        let name = String(repeating: "a", count: 100_000)
        let text = ExamplePlan.text.replacing("\"14d\"", with: "\"1\(name)d\"")
        #expect(
            try ExamplePlan.problems(of: text).map(\.description)
                == ["plan.json:20 /maintenance/cleanup/keep: has 100002 bytes, more than the 1024 allowed"])
        let free = ExamplePlan.text.replacing("\"${secret:database}\"", with: "\"\(name)\"")
        #expect(try ExamplePlan.problems(of: free) == [])
    }

    @Test("thousands of problems are counted, not listed")
    func many() throws {
        let keys = (0..<5000).map { "\"key\($0)\": 1" }.joined(separator: ",\n")
        let problems = try ExamplePlan.problems(of: "{\(keys)}")
        #expect(problems.count == 201)
        #expect(problems.last?.message == "4804 more problems")
    }
}
