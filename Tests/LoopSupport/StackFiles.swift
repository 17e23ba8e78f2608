public import Model
internal import Planning

/// The files of a customer repo with one host, `vsn1`, and a stack of a database and a web server that depends on it.
public enum StackFiles {
    public static func image(_ name: String, _ tag: String = "1") -> String {
        "registry.example.com/acme/\(name):\(tag)"
    }

    /// `web` and `database` are the tags of the two images, `hotfix` is another one for the web server; `onFailure` as
    /// plan.json has it, and so is `drift`. The web server has `patience` milliseconds to become healthy.
    public static func version(
        _ web: String, database: String = "1", hotfix: String? = nil, onFailure: String = "previous", patience: Int = 1,
        drift: String = "repair"
    ) -> [String: String] {
        let hotfixes = hotfix.map { #""web": "\#(image("web", $0))""# } ?? ""
        return [
            "plan.json": """
            {"schemaVersion": 1, "stack": "acme", "version": "1.0.0", "onFailure": "\(onFailure)",
             "drift": "\(drift)", "containers": {
              "database": {"image": "\(image("database", database))"},
              "web": {"image": "\(image("web", web))", "dependsOn": ["database"],
                "health": {"tcp": 80, "interval": "1ms", "timeout": "1ms", "retries": \(patience)}}},
             "hotfixes": {\(hotfixes)}}
            """,
            "hosts/vsn1.json": "{}",
        ]
    }

    /// The stack, with a backup, in a repo with the hosts `hosts`, each with the host whose stack it takes over, if any.
    public static func moving(_ hosts: [String: String]) -> [String: String] {
        var files = version("1")
        files["hosts/vsn1.json"] = nil
        for (host, replaced) in hosts {
            let replaces = replaced.isEmpty ? "" : #""replaces": "\#(replaced)","#
            files["hosts/\(host).json"] = """
                {\(replaces) "backup": {"targets": {"nas": {"directory": "/mnt/nas"}},
                  "recipients": ["age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"]}}
                """
        }
        return files
    }

    /// What the files `files` ask for on the host `vsn1`.
    public static func plan(_ files: [String: String]) throws -> ResolvedPlan {
        try PlanResolver(tree: MemoryFiles(files: files), policy: nil).resolve(host: "vsn1").plan
    }
}
