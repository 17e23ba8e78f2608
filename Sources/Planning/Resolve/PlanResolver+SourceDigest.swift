internal import Model

extension PlanResolver {
    /// Of everything that a resolution of `host` depends on, without resolving: for remembering a plan that does not
    /// resolve. `sha256:` and 64 hexadecimal digits.
    ///
    /// Covers the plan, the host's overlay, the names and kinds of all files, and the policy, but not the files'
    /// contents: they never decide whether a plan resolves, except what builds begin with. Throws what the tree throws.
    public func sourceDigest(host: String) throws -> String {
        var digest = ContentDigest()
        for file in [Self.planFile, "\(Self.hostDirectory)/\(host).json"] {
            let content = RepositoryPath(file) == nil ? nil : try tree.content(of: file)
            digest.add(content == nil ? "absent" : "present")
            digest.add(content ?? [])
        }
        for entry in try tree.entries().sorted(by: { $0.path < $1.path }) where Self.mayBeUsed(entry.path) {
            digest.add(entry.path)
            digest.add(entry.kind.rawValue)
            guard policy?.buildBases != nil, Self.saysBases(entry.path) else { continue }
            digest.add(try tree.content(of: entry.path) ?? [])
        }
        if let policy { digest.add(JSONValue(encoding: policy).encoded()) }
        return "sha256:" + digest.hex
    }

    private static func saysBases(_ path: String) -> Bool {
        BuildBaseCheck.names.contains { path.hasSuffix("/\($0)") }
    }

    private static func mayBeUsed(_ path: String) -> Bool {
        ["files", "images", hostDirectory, planFile].contains(String(path.prefix { $0 != "/" }))
    }
}
