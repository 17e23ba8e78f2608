internal import Model
internal import Planning

/// The files of `customer-repo-template`, which this program carries, with the names of one customer.
struct CustomerRepoTemplate {
    let stack: String
    let host: String
    /// Host name of the registry, with a port where it has one.
    let registry: String
    var onFailure = FailurePolicy.containerless

    struct File {
        let path: String
        let content: String
    }

    /// With the names of the template replaced. The stack first: the name of a registry may hold the word too.
    var files: [File] {
        Self.embedded.map { path, bytes in
            var text = String(decoding: bytes, as: UTF8.self)
            let failure = #""onFailure": "\#(FailurePolicy.containerless.rawValue)""#
            let chosen = #""onFailure": "\#(onFailure.rawValue)""#
            for (word, name) in [("acme", stack), ("registry.example.com", registry), (failure, chosen)] {
                text = text.replacing(word, with: name)
            }
            return File(path: path == "hosts/example.json" ? "hosts/\(host).json" : path, content: text)
        } + [File(path: "plan.schema.json", content: JSONSchema.plan.text)]
    }

    private static let embedded: [(String, [UInt8])] = [
        (".editorconfig", PackageResources._editorconfig),
        (".github/workflows/validate.yml", PackageResources.validate_yml),
        (".gitignore", PackageResources._gitignore),
        (".gitlab-ci.yml", PackageResources._gitlab_ci_yml),
        (".vscode/settings.json", PackageResources.settings_json),
        ("CODEOWNERS", PackageResources.CODEOWNERS),
        ("README.md", PackageResources.README_md),
        ("files/web/site.conf", PackageResources.site_conf),
        ("hosts/example.json", PackageResources.example_json),
        ("plan.json", PackageResources.plan_json),
        ("secrets.example.json", PackageResources.secrets_example_json),
    ]
}
