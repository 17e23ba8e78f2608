internal import Model
internal import Planning

/// The configuration that the arguments of a setup ask for.
struct WantedConfiguration: Hashable, Sendable {
    /// Of the file, in the order in which people read it.
    let text: String
    /// Whether commits have to be signed.
    let verifiesCommits: Bool

    init(_ repository: SetupRequest.Repository, _ material: SetupMaterial, anchor: CommitID?, places: SetupPlaces) {
        verifiesCommits = material.signers != nil
        var members = [
            ("repository", Self.repository(repository, material, places)), ("host", WrittenJSON.text(repository.host)),
        ]
        if let interval = repository.interval { members.append(("interval", .text(interval))) }
        if let proxy = repository.proxy { members.append(("proxy", Self.proxy(proxy, material, places))) }
        if let signers = material.signers { members.append(("trust", Self.trust(signers, anchor, places))) }
        members.append(("ageIdentity", .text(places.ageIdentity)))
        text = WrittenJSON.members(members).text() + "\n"
    }

    /// Whether `bytes` say the same, however they are laid out.
    func isSame(as bytes: [UInt8]) -> Bool {
        guard let found = Self.value(of: bytes), let own = Self.value(of: Array(text.utf8)) else { return false }
        return found == own
    }

    /// The anchor that a configuration has; `nil` where it has none, or is no configuration.
    static func anchor(in bytes: [UInt8]) -> CommitID? {
        value(of: bytes)?["trust"]?["anchor"]?.string.flatMap { CommitID($0) }
    }

    private static func value(of bytes: [UInt8]) -> JSONValue? {
        try? JSONDocument(file: "config.json", bytes: bytes, takesAnyText: true).value
    }

    private static func repository(
        _ repository: SetupRequest.Repository, _ material: SetupMaterial, _ places: SetupPlaces
    ) -> WrittenJSON {
        var members = [("url", WrittenJSON.text(repository.url)), ("branch", .text(repository.branch))]
        switch repository.way {
        case .ssh: members += [("sshKey", .text(places.sshKey)), ("knownHosts", .text(places.knownHosts))]
        case .https:
            if material.token != nil { members.append(("tokenFile", .text(places.token))) }
            if let username = repository.username { members.append(("username", .text(username))) }
            if material.certificates != nil { members.append(("caFile", .text(places.certificates))) }
        case .directory: break
        }
        return .members(members)
    }

    private static func proxy(
        _ proxy: SetupRequest.Proxy, _ material: SetupMaterial, _ places: SetupPlaces
    ) -> WrittenJSON {
        var members = [("url", WrittenJSON.text(proxy.url))]
        if !proxy.exceptions.isEmpty { members.append(("noProxy", .list(proxy.exceptions))) }
        if let username = proxy.username { members.append(("username", .text(username))) }
        if material.proxyPassword != nil { members.append(("passwordFile", .text(places.proxyPassword))) }
        return .members(members)
    }

    private static func trust(_ signers: SignerSource, _ anchor: CommitID?, _ places: SetupPlaces) -> WrittenJSON {
        let commits = [
            ("mode", WrittenJSON.text(signers.mode.rawValue)), ("allowedSigners", .text(places.allowedSigners)),
        ]
        var members = [("commits", WrittenJSON.members(commits))]
        if let anchor { members.append(("anchor", .text(anchor.hex))) }
        return .members(members)
    }
}

/// JSON whose members keep the order in which they were written.
private indirect enum WrittenJSON {
    case text(String)
    case list([String])
    case members([(String, WrittenJSON)])

    /// `margin` stands before the lines of what it is a member of.
    func text(margin: String = "") -> String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .list(let texts): return "[\(texts.map(Self.quoted).joined(separator: ", "))]"
        case .members(let members):
            let inner = margin + "    "
            let lines = members.map { "\(inner)\(Self.quoted($0)): \($1.text(margin: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONValue.string(text).encoded(), as: UTF8.self)
    }
}
