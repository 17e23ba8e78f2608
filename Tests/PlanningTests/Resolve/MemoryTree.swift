import Model
import Planning

/// A customer repo that is written down in a test.
struct MemoryTree: SourceTree {
    var files: [String: String]
    var kinds: [String: SourceEntry.Kind] = [:]

    func entries() throws -> [SourceEntry] {
        files.map { SourceEntry(path: $0, kind: kinds[$0] ?? .file, size: Int64($1.utf8.count)) }
            .sorted { $0.path < $1.path }
    }

    func content(of path: String) throws -> [UInt8]? { files[path].map { Array($0.utf8) } }
}

extension MemoryTree {
    /// A repo whose plan holds `containers` and `more` keys, with one host, `berlin`.
    init(
        containers: String, more: String = "", overlay: String = "{}", files: [String: String] = [:],
        kinds: [String: SourceEntry.Kind] = [:]
    ) {
        let plan = """
            {"schemaVersion": 1, "stack": "acme", "version": "1.0.0",
            \(more.isEmpty ? "" : more + ",")
            "containers": {\(containers)}}
            """
        self.init(
            files: files.merging(["plan.json": plan, "hosts/berlin.json": overlay]) { given, _ in given }, kinds: kinds)
    }

    /// The same with one container, `web`, that has an image and `fields`.
    init(web fields: String, more: String = "", files: [String: String] = [:]) {
        self.init(
            containers: #""web": {"image": "registry.example.com/acme/web:1.0.0", \#(fields)}"#, more: more,
            files: files)
    }

    func resolved(policy: VSNPolicy? = nil) throws -> Resolution {
        try PlanResolver(tree: self, policy: policy).resolve(host: "berlin")
    }

    /// Errors and warnings, as a person sees them.
    func problems(policy: VSNPolicy? = nil) throws -> [String] {
        do {
            return try resolved(policy: policy).warnings.map(\.description)
        } catch let problems as PlanProblems {
            return problems.problems.map(\.description)
        }
    }
}
