import Model
import TestSupport
import Testing

@testable import Commands

@Suite("Configuration of a VSN")
struct ConfigurationTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func load(
        _ json: String, environment: [String: String] = [:], settings: [String] = []
    ) throws -> VSNConfiguration {
        let file = try scratch.write(json, to: "config.json")
        return try VSNConfiguration(from: ConfigurationSource(file: file, settings: settings, environment: environment))
    }

    private func problems(_ json: String, environment: [String: String] = [:], settings: [String] = []) -> [PlanProblem]
    {
        do {
            _ = try load(json, environment: environment, settings: settings)
            return []
        } catch let problems as PlanProblems {
            return problems.problems
        } catch {
            Issue.record(error)
            return []
        }
    }

    @Test("the URL of the customer repo is enough; everything else has the schema's default")
    func defaults() throws {
        let configuration = try load(#"{"repository": {"url": "/srv/repo.git"}}"#)
        #expect(configuration.repository.branch == "main")
        #expect(configuration.repository.timeout == .seconds(60))
        #expect(configuration.repository.maxPackSize.bytes == 512 << 20)
        #expect(configuration.interval == .seconds(60))
        #expect(configuration.stateDirectory == "/var/lib/fairlead")
        #expect(configuration.retry.attempts == 8)
        #expect(configuration.retry.longestDelay == .seconds(600))
        #expect(configuration.engine.parallelism == 4)
        #expect(configuration.policy.images.registries == nil)
        #expect(!configuration.policy.privileged)
        #expect(!configuration.host.isEmpty && !configuration.host.contains("."))
    }

    @Test("T2: a rule on changes that is written as no place of a plan or repo ever is, is wrong")
    func rules() {
        func wrong(plan: String, paths: String) -> [String] {
            problems(
                #"{"trust": {"commits": {"mode": "ssh", "rules": [{"plan": [\#(plan)], "paths": [\#(paths)]}]}}}"#
            ).map(\.pointer).filter { $0.contains("/rules/") }
        }
        let plan = ["/backup/", "/containers/**/image", "/containers/web*/image", "/a//b", "backup", "/"]
        let paths = ["./files/**", "files/../plan.json", "files//x", "/files", "..", "a/./b", "hosts//"]
        func text(_ list: [String]) -> String { list.map { "\"\($0)\"" }.joined(separator: ",") }
        let expected =
            plan.indices.map { "/trust/commits/rules/0/plan/\($0)" }
            + paths.indices.map { "/trust/commits/rules/0/paths/\($0)" }
        #expect(Set(wrong(plan: text(plan), paths: text(paths))) == Set(expected))
        let right = ["plan.json", "hosts/", "files/**/*.conf", ".gitignore", "**", "a/.../..b"]
        #expect(wrong(plan: text(["/*", "/containers/*/image", "/host/hosts/192.0.2.5"]), paths: text(right)) == [])
    }

    @Test("the environment overrides the file, and --set overrides both")
    func precedence() throws {
        let json = #"{"repository": {"url": "/file.git", "branch": "file"}, "interval": "5m", "host": "file"}"#
        let configuration = try load(
            json,
            environment: [
                "FAIRLEAD_REPOSITORY_BRANCH": "environment", "FAIRLEAD_INTERVAL": "2m", "FAIRLEAD_HOST": "vsn2",
            ],
            settings: ["interval=30s"])
        #expect(configuration.repository.url == "/file.git")
        #expect(configuration.repository.branch == "environment")
        #expect(configuration.host == "vsn2")
        #expect(configuration.interval == .seconds(30))
    }

    @Test("every type of key can be set from the environment")
    func types() throws {
        let configuration = try load(
            "{}",
            environment: [
                "FAIRLEAD_REPOSITORY_URL": "/repo.git",
                "FAIRLEAD_REPOSITORY_FALLBACK_URLS": "/a.git, /b.git",
                "FAIRLEAD_POLICY_ALLOWED_REGISTRIES": #"["registry.example.com"]"#,
                "FAIRLEAD_POLICY_MAXIMUM_SHRINK": "50", "FAIRLEAD_EXCLUSIVE": "true",
                "FAIRLEAD_ENGINE_ENVIRONMENT": #"{"HTTPS_PROXY": "http://proxy:3128"}"#,
            ])
        #expect(configuration.repository.fallbackUrls == ["/a.git", "/b.git"])
        #expect(configuration.policy.images.registries == ["registry.example.com"])
        #expect(configuration.policy.maximumShrink == 50)
        #expect(configuration.exclusive)
        #expect(configuration.engine.environment == ["HTTPS_PROXY": "http://proxy:3128"])
    }

    @Test("all problems of the file and the environment are reported at once, each with its place")
    func allProblems() {
        let found = problems(
            """
            {
              "repository": {"url": "/repo.git"},
              "intervall": "60s",
              "engine": {"parallelism": 0}
            }
            """, environment: ["FAIRLEAD_JITTER": "soon"], settings: ["hots=vsn1"])
        #expect(found.count == 4)
        #expect(found.contains { $0.pointer == "/intervall" && $0.line == 3 })
        #expect(found.contains { $0.pointer == "/engine/parallelism" && $0.line == 4 })
        #expect(found.contains { $0.file == "environment variable 'FAIRLEAD_JITTER'" && $0.line == nil })
        #expect(found.contains { $0.file == "--set" && $0.message == "'hots' is no key of the configuration" })
    }

    @Test("a configuration without a customer repo says which key and which variable are missing")
    func missingRepository() {
        let found = problems("{}")
        #expect(found.map(\.pointer) == ["/repository/url"])
        #expect(found.first?.hint.contains("FAIRLEAD_REPOSITORY_URL") == true)
    }

    @Test("a web proxy needs a url without a password, exceptions of a known form and a user for its password")
    func proxy() throws {
        let repository = #""repository": {"url": "/repo.git"}"#
        let good =
            #"{"url": "http://proxy:3128", "noProxy": [".intern", "10.0.0.0/8"], "username": "a", "passwordFile": "/p"}"#
        let proxy = try load("{\(repository), \"proxy\": \(good)}").webProxy
        #expect(proxy?.address == "http://proxy:3128")
        #expect(proxy?.serves("git.intern", port: 443) == false)
        #expect(try load("{\(repository)}").webProxy == nil)
        for (text, pointer) in [
            (#"{"url": "http://acme:canary@proxy:3128"}"#, "/proxy/url"),
            (#"{"url": "https://proxy:3128"}"#, "/proxy/url"),
            (#"{"url": "http://proxy:3128", "noProxy": ["*"]}"#, "/proxy/noProxy"),
            (#"{"url": "http://proxy:3128", "passwordFile": "/p"}"#, "/proxy/passwordFile"),
            (#"{"username": "a"}"#, "/proxy/username"),
        ] {
            let found = problems("{\(repository), \"proxy\": \(text)}")
            #expect(found.map(\.pointer) == [pointer], "\(text)")
            #expect(!"\(found)".contains("canary"))
        }
    }

    @Test("a password in a URL is refused and not repeated")
    func passwordInURL() {
        let found = problems(
            #"{"repository": {"url": "https://acme:canary@git.example.com/x", "fallbackUrls": ["https://git@h/x"]}}"#)
        #expect(found.map(\.pointer) == ["/repository/url"])
        #expect(!"\(found)".contains("canary"))
    }

    @Test("a number that is too large is told with its key")
    func tooLarge() {
        let found = problems(#"{"repository": {"url": "/x", "maxPackSize": "99999999999999999999GiB"}}"#)
        #expect(found.map(\.pointer) == ["/repository/maxPackSize"])
        #expect(found.first?.message.contains("'99999999999999999999GiB' is not a size") == true)
    }

    @Test("a file that was asked for must exist")
    func missingFile() {
        #expect(throws: ConfigurationError.self) {
            try VSNConfiguration(from: ConfigurationSource(file: "\(scratch.path)/nothing.json"))
        }
        #expect(throws: ConfigurationError.self) {
            try VSNConfiguration(
                from: ConfigurationSource(environment: ["FAIRLEAD_CONFIG": "\(scratch.path)/nothing.json"]))
        }
    }

    @Test(
        "keys of later versions are not accepted silently",
        arguments: ["notification", "statusPage", "verification"])
    func laterKeys(key: String) {
        #expect(problems(#"{"repository": {"url": "/x"}, "\#(key)": {}}"#).map(\.pointer) == ["/\(key)"])
    }
}
