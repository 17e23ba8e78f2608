/// Annotations of an image's manifest. Podman hands them on, and runtimes and hooks take some of them for orders: `run.oci.*` (crun.1),
/// `org.systemd.property.*` (docs/systemd.md of runc), any name for a hook (oci-hooks.5).
extension VSNPolicy {
    /// Names that describe an image, and that nothing acts on; a `*` at the end stands for any rest.
    public static let describingAnnotations = [
        "org.opencontainers.image.*", "com.docker.official-images.*", "org.label-schema.*", "io.artifacthub.*",
        "vnd.docker.reference.*", "maintainer",
    ]

    /// Those of `names` that an image may not have on this VSN, sorted.
    public func refusedAnnotations(_ names: some Sequence<String>) -> [String] {
        let allowed = images.annotations ?? (profile == .trusted ? ["*"] : [])
        return names.filter { !Self.matches($0, Self.describingAnnotations + allowed) }.sorted()
    }

    /// Why a container with annotations of such `names` is not started; `nil` without any.
    public func obstacle(ofAnnotations names: [String], on container: String) -> ImageObstacle? {
        guard !names.isEmpty else { return nil }
        let shown = names.prefix(8).map { ForeignText($0, limit: 100).description }
        return ImageObstacle(
            message:
                "the image of container '\(container)' has \(names.count == 1 ? "the annotation" : "the annotations") "
                + "\(shown.quotedList), which container runtimes and their hooks may take for orders; that is not allowed "
                + "on this VSN",
            hint: "make the image without, or allow them by 'policy.images.annotations' in the VSN's configuration"
                + line(thatAllows: names))
    }

    /// A stranger chose the names: one that would allow others too, or is not what it looks like, is no advice.
    private func line(thatAllows names: [String]) -> String {
        guard names.allSatisfy({ $0.wholeMatch(of: /[A-Za-z0-9._\/-]{1,100}/) != nil }) else { return "" }
        let list = Self.jsonList((images.annotations ?? []) + names)
        return ": \"policy\": {\"images\": {\"annotations\": \(list)}}"
    }

    static func jsonList(_ entries: [String]) -> String {
        "[" + entries.map { String(decoding: JSONValue.string($0).encoded(), as: UTF8.self) }.joined(separator: ", ")
            + "]"
    }

    /// Whether one of `patterns` is `name`, or begins it where a `*` stands at its end.
    package static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
    }
}
