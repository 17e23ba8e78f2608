import Model
import Planning
import Testing

@Suite("References in the texts of a plan")
struct ReferenceTests {
    private static let variables = #""variables": {"domain": "acme.example.com", "brace": "$${", "dollar": "5$"}"#

    private func environment(_ text: String) throws -> SecretText? {
        try MemoryTree(web: #""environment": {"A": "\#(text)"}"#, more: Self.variables)
            .resolved().plan.containers["web"]?.environment["A"]
    }

    @Test(
        "a text means what it says, with and without secrets",
        arguments: [
            ("${stack}/${version}/${host}", "acme/1.0.0/berlin"),
            ("${variable:domain}", "acme.example.com"),
            ("a $ b $$ {c} $d", "a $ b $$ {c} $d"),
            ("$${secret:s}", "${secret:s}"),
            ("$$${secret:s}", "$${secret:s}"),
            ("${variable:brace}secret:s}", "${secret:s}"),
            ("${variable:dollar}{secret:s}", "5${secret:s}"),
            ("${secret:s}{${secret:s}}", "value{value}"),
            ("ü ${secret:s} ${variable:brace}", "ü value ${"),
        ])
    func values(source: String, value: String) throws {
        #expect(try environment(source)?.value(with: Secrets(["s": "value"])) == value)
    }

    @Test(
        "a reference that leads nowhere is an error with a suggestion",
        arguments: [
            ("${verison}", "unknown reference '${verison}'; did you mean '${version}'?"),
            ("${domain}", "unknown reference '${domain}'; write '${variable:domain}'"),
            ("${variable:domian}", "unknown reference '${variable:domian}'; did you mean '${variable:domain}'?"),
            (
                "${variable:something-else}",
                "unknown reference '${variable:something-else}'; the variables are 'brace', 'dollar', 'domain'; define "
                    + "it in 'variables'"
            ),
            (
                "${secret:}",
                "unknown reference '${secret:}'; a secret's name has letters, digits, '.', '_' and '-' only"
            ),
            (
                "${}",
                "unknown reference '${}'; write ${version}, ${stack}, ${host}, ${variable:NAME} or ${secret:NAME}; "
                    + "'$${' is a literal '${'"
            ),
            ("${secrets:s}", "unknown reference '${secrets:s}'; did you mean '${secret:s}'?"),
            ("${version", "'${' is not closed; add '}', or write '$${' for a literal '${'"),
            (
                "${variable:dollar}${secret:s}",
                "a '$' stands directly before a reference to a secret; put another character between them, or make the "
                    + "'$' part of the secret"
            ),
        ])
    func unknown(source: String, problem: String) throws {
        let found = try MemoryTree(web: #""environment": {"A": "\#(source)"}"#, more: Self.variables).problems()
        #expect(found == ["plan.json:3 /containers/web/environment/A: \(problem)"])
    }

    @Test(
        "a secret is refused where others could read it",
        arguments: [
            #""command": ["--password=${secret:s}"]"#, #""labels": {"a": "${secret:s}"}"#, #""user": "${secret:s}""#,
            #""files": [{"source": "${secret:s}", "target": "/a"}]"#, #""health": {"command": ["${secret:s}"]}"#,
        ])
    func misplacedSecret(_ fields: String) throws {
        let found = try MemoryTree(web: fields).problems()
        let words =
            ": '${secret:s}' is not allowed here; secrets are allowed in 'environment', 'secretFiles', and registry and "
            + "mail credentials"
        #expect(found.contains { $0.hasSuffix(words) })
    }

    @Test("a variable uses version, stack and host only, so that there are no cycles")
    func variables() throws {
        let tree = MemoryTree(
            web: #""environment": {}"#,
            more: #""variables": {"a": "${variable:b}", "b": "${secret:s}", "c": "${stack}", "d": "${"}"#)
        #expect(
            try tree.problems() == [
                "plan.json:2 /variables/a: variable 'a' refers to '${variable:b}'; a variable may use ${version}, "
                    + "${stack} and ${host} only",
                "plan.json:2 /variables/b: '${secret:s}' is not allowed here; secrets are allowed in 'environment', "
                    + "'secretFiles', and registry and mail credentials",
                "plan.json:2 /variables/d: '${' is not closed; add '}', or write '$${' for a literal '${'",
            ])
    }

    @Test("an unknown reference in an inactive container is found as well")
    func inactive() throws {
        let tree = MemoryTree(
            containers: """
                "web": {"image": "localhost/web:1"}, "old": {"image": "localhost/old:${verison}", "active": false}
                """)
        #expect(
            try tree.problems() == [
                "plan.json:3 /containers/old/image: unknown reference '${verison}'; did you mean '${version}'?"
            ])
    }

    @Test("of an unknown reference only that is said, not what becomes of the text")
    func noFollowUps() throws {
        let tree = MemoryTree(
            containers:
                #""web": {"image": "registry.example.com/web:${verison}-${x}", "resources": {"memory": "${y}"}}"#,
            more: #""registries": {"registry.example.com": {"username": "a", "password": "b"}}"#)
        let found = try tree.problems()
        #expect(found.count == 3 && found.allSatisfy { $0.contains("unknown reference") }, "\(found)")
    }

    @Test("a small plan does not become a gigabyte when its references are replaced")
    func expansion() throws {
        let large = String(repeating: "x", count: 100_000)
        let many = (0..<500).map { #""A\#($0)": "${variable:large}""# }.joined(separator: ",")
        let found = try MemoryTree(
            web: #""environment": {\#(many)}"#, more: #""variables": {"large": "\#(large)"}"#
        ).problems()
        #expect(found.count == 1)
        #expect(found.first?.contains("grows beyond all measure when its references are replaced") == true)
    }
}
