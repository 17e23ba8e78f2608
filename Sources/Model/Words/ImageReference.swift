/// The name of an image in a registry: `registry/repository[:tag][@sha256:digest]`.
///
/// The registry is required (`localhost/…` is an image of this host): a short name would be looked up in
/// whatever registries the host happens to search. Grammar: the OCI distribution specification.
public struct ImageReference: WrittenValue {
    public static let form = "an image reference such as 'registry.example.com/acme/web:1.0.0'"

    /// Host, with port where given: `registry.example.com:5000`.
    public let registry: String
    public let repository: String
    public let tag: String?
    /// `sha256:` and 64 hexadecimal digits.
    public let digest: String?

    public init?(_ text: String) {
        let name = /(?<registry>[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?|\[[0-9a-fA-F:]+\](?::[0-9]+)?)/
        let path = /(?<path>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)/
        let rest = /(?::(?<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?/
        guard let slash = text.firstIndex(of: "/"),
            let host = text[..<slash].wholeMatch(of: name)?.output.registry,
            host == "localhost" || host.contains(".") || host.contains(":"),
            let tail = text[text.index(after: slash)...].prefixMatch(of: path),
            let suffix = text[tail.range.upperBound...].wholeMatch(of: rest)
        else { return nil }
        registry = String(host)
        repository = String(tail.output.path)
        tag = suffix.output.tag.map(String.init)
        digest = suffix.output.digest.map(String.init)
    }

    /// Without tag and digest.
    public var name: String { "\(registry)/\(repository)" }
    public var description: String { name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }
}
