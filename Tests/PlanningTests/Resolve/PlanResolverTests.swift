import Model
import Planning
import Testing

@Suite("From the files of a commit to the plan of one host")
struct PlanResolverTests {
    static let plan = """
        { "$schema": "./plan.schema.json", "schemaVersion": 1,
          "stack": "acme", "version": "3.43.2", "size": "medium",
          "variables": {"domain": "${stack}.example.com"},
          "registries": {"registry.example.com": {"username": "acme", "password": "${secret:registry}"}},
          "network": {"subnet": "10.89.7.0/24"},
          "containers": {
            "database": {
              "image": "registry.example.com/acme/database:${version}",
              "environment": {"POSTGRES_PASSWORD": "${secret:database}", "COST": "$${five} $5"},
              "volumes": [{"data": "database", "target": "/var/lib/postgresql/data", "owner": "999:999", "mode": "0700"}],
              "health": {"command": ["pg_isready"], "interval": "5s", "timeout": "3s", "retries": 12, "startPeriod": "30s"},
              "resources": {"memory": "512MiB", "cpus": 1}, "stopTimeout": "30s" },
            "web": {
              "image": "registry.example.com/acme/web:${version}",
              "command": ["serve", "--url", "https://${variable:domain}/$${x}"],
              "environment": {"URL": "https://${variable:domain} on ${host}"},
              "dependsOn": ["database"], "ports": ["443:8443"],
              "files": [{"source": "files/web/site.conf", "target": "/etc/web/site.conf"}],
              "secretFiles": [{"secret": "tls-key", "target": "/run/secrets/tls.key", "mode": "0400"}],
              "health": {"http": {"port": 8443, "path": "/healthz", "tls": true}} },
            "debug": {"image": "registry.example.com/acme/debug:1.0.0", "active": false} },
          "sizes": {"small": {"containers": {"database": {"resources": {"memory": "256MiB"}}}}, "medium": {}},
          "hotfixes": {"web": "registry.example.com/acme/web:3.43.2-hf1"},
          "onFailure": "previous" }
        """

    static let tree = MemoryTree(files: [
        "plan.json": plan, "hosts/berlin.json": "{}", "hosts/bonn.json": #"{"size": "small"}"#,
        "hosts/debug.json": #"{"containers": {"debug": {"active": true}, "web": {"resources": {"cpus": 0.5}}}}"#,
        "files/web/site.conf": "listen 8443;",
    ])

    private func resolve(_ host: String, _ tree: MemoryTree = Self.tree) throws -> Resolution {
        try PlanResolver(tree: tree, policy: nil).resolve(host: host)
    }

    @Test("the plan of the design page resolves, with its defaults (S6)")
    func designPlan() throws {
        let resolution = try resolve("berlin")
        let plan = resolution.plan
        #expect(resolution.warnings.isEmpty)
        #expect(plan.stack == "acme" && plan.version == "3.43.2" && plan.host == "berlin" && plan.size == "medium")
        #expect(plan.network.subnet == "10.89.7.0/24")
        #expect(plan.onFailure == .previous)
        #expect(plan.containers.keys.sorted() == ["database", "web"])
        let database = try #require(plan.containers["database"])
        #expect(database.image == .reference(try #require(ImageReference("registry.example.com/acme/database:3.43.2"))))
        #expect(database.resources == ResourcePlan(memory: ByteCount(bytes: 512 << 20), cpus: 1))
        #expect(database.volumes.first?.owner == FileOwner(user: 999, group: 999))
        #expect(database.volumes.first?.mode == FileMode(bits: 0o700))
        #expect(database.health?.startPeriod == .seconds(30))
        #expect(database.stopTimeout == .seconds(30) && database.`init`)
        let web = try #require(plan.containers["web"])
        #expect(web.health == HealthPlan(check: .http(HTTPCheck(port: 8443, path: "/healthz", tls: true))))
        #expect(web.stopTimeout == .seconds(10) && web.resources == ResourcePlan())
        #expect(web.ports.map(\.description) == ["443:8443"] && web.dependsOn == ["database"])
        #expect(
            plan.image(of: "web")
                == ImageReference("registry.example.com/acme/web:3.43.2-hf1").map(ImageSource.reference))
    }

    @Test("variables are replaced, secrets stay references, escapes stay only beside secrets")
    func references() throws {
        let plan = try resolve("berlin").plan
        #expect(plan.containers["web"]?.command == ["serve", "--url", "https://acme.example.com/${x}"])
        let environment = try #require(plan.containers["database"]?.environment)
        #expect(environment["POSTGRES_PASSWORD"]?.source == "${secret:database}")
        #expect(environment["COST"]?.value(with: Secrets()) == "${five} $5")
        #expect(plan.containers["web"]?.environment["URL"]?.source == "https://acme.example.com on berlin")
        #expect(plan.registries["registry.example.com"]?.password.references == ["registry"])
    }

    @Test("a plan says which secrets it needs")
    func secretReferences() throws {
        #expect(try resolve("berlin").secretReferences == ["database", "registry", "tls-key"])
    }

    @Test("a host chooses the size, and its own patch comes last (J3)")
    func sizes() throws {
        #expect(try resolve("berlin").plan.containers["database"]?.resources.memory == ByteCount("512MiB"))
        let bonn = try resolve("bonn").plan
        #expect(bonn.size == "small" && bonn.containers["database"]?.resources.memory == ByteCount("256MiB"))
        let debug = try resolve("debug").plan
        #expect(debug.containers.keys.sorted() == ["database", "debug", "web"])
        #expect(debug.containers["web"]?.resources.cpus == 0.5)
    }

    @Test("a changed file, name or executable bit is a changed plan; a changed README is not (G2)")
    func contentDigests() throws {
        let tree = MemoryTree(
            web: #""files": [{"source": "files/site", "target": "/srv"}]"#,
            files: ["files/site/a": "1", "files/site/b": "2", "files/other": "3", "README.md": "4"])
        let digest = { (tree: MemoryTree) in try tree.resolved().plan.containers["web"]?.files.first?.contentDigest }
        let before = try #require(try digest(tree))
        var same = tree
        same.files["files/other"] = "changed"
        same.files["README.md"] = nil
        #expect(try digest(same) == before)
        var others = [tree, tree, tree, tree]
        others[0].files["files/site/a"] = "12"
        others[1].files["files/site/c"] = others[1].files.removeValue(forKey: "files/site/b")
        others[2].kinds["files/site/a"] = .executable
        others[3].files.merge(["files/site/a": "", "files/site/b": "12"]) { $1 }
        let digests = try others.map { try #require(try digest($0)) }
        #expect(Set(digests + [before]).count == 5)
    }

    @Test("a build context and an archive are image sources (S10)")
    func imageSources() throws {
        let digest = String(repeating: "ab", count: 32)
        let tree = MemoryTree(
            containers: """
                "built": {"image": {"build": "images/web"}},
                "loaded": {"image": {"archive": "ssh://files.example.com/web-${version}.tar.zst", "sha256": "\(digest)"}}
                """, files: ["images/web/Containerfile": "FROM scratch", "images/web/app": "1"])
        let containers = try tree.resolved().plan.containers
        #expect(
            containers["loaded"]?.image
                == .archive(ImageArchive(url: "ssh://files.example.com/web-1.0.0.tar.zst", sha256: digest)))
        guard case .build(let context) = containers["built"]?.image else {
            Issue.record("not a build")
            return
        }
        #expect(context.path == "images/web" && context.contentDigest.count == 64)
    }

    @Test("an unknown host is answered with the hosts there are")
    func unknownHost() throws {
        #expect(try PlanResolver(tree: Self.tree, policy: nil).hosts() == ["berlin", "bonn", "debug"])
        let error = try #require(throws: PlanProblems.self) { try resolve("berlim") }
        #expect(
            error.description
                == "hosts/berlim.json: host 'berlim' is not in the repo; did you mean 'berlin'? "
                + "the repo has 'berlin', 'bonn', 'debug'")
        for name in ["../plan", "", "a/b", "a\u{0}"] {
            #expect(throws: PlanProblems.self) { try resolve(name) }
        }
    }

    @Test("an error of the tree is no problem of the plan")
    func treeErrors() {
        #expect(throws: BrokenTree.Failure.self) {
            try PlanResolver(tree: BrokenTree(), policy: nil).resolve(host: "berlin")
        }
    }

    @Test("the digest of the sources follows everything that decides whether a plan resolves, and nothing else")
    func sourceDigest() throws {
        func digest(_ tree: MemoryTree, policy: VSNPolicy? = nil) throws -> String {
            try PlanResolver(tree: tree, policy: policy).sourceDigest(host: "berlin")
        }
        let before = try digest(Self.tree)
        var readme = Self.tree
        readme.files["README.md"] = "new"
        readme.files["files/web/site.conf"] = "listen 9443;"
        #expect(try digest(readme) == before)
        var others = [Self.tree, Self.tree, Self.tree, Self.tree]
        others[0].files["plan.json"] = "{"
        others[1].files["hosts/berlin.json"] = nil
        others[2].files["files/web/missing.conf"] = ""
        others[3].kinds["files/web/site.conf"] = .symlink
        let digests = try others.map { try digest($0) } + [before, try digest(Self.tree, policy: VSNPolicy())]
        #expect(Set(digests).count == 6)
    }
}

/// A mirror that cannot be read.
private struct BrokenTree: SourceTree {
    struct Failure: Error {}

    func entries() throws -> [SourceEntry] { throw Failure() }
    func content(of path: String) throws -> [UInt8]? { throw Failure() }
}
