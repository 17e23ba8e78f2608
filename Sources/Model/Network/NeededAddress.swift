/// A host that this one talks to, by its name or address.
public struct NeededHost: Hashable, Sendable {
    public let name: String
    /// What it is, such as `the mail server`.
    public let role: String

    public init(_ name: String, role: String) {
        self.name = name
        self.role = role
    }

    /// Of a URL, or of `HOST:PORT`, `//HOST/PATH` or `HOST:/PATH`; `nil` where there is none in it.
    public init?(in text: String, role: String) {
        let rest = text.firstRange(of: "//").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let name =
            place.first == "["
            ? place.dropFirst().prefix { $0 != "]" }
            // More than one colon: an address of IPv6 without its brackets.
            : place.count { $0 == ":" } > 1 ? place : place.prefix { $0 != ":" }
        guard !name.isEmpty, !text.hasPrefix("file:") else { return nil }
        self.init(String(name), role: role)
    }

    /// Options of rclone's remotes that name a server.
    private static let places = ["auth", "endpoint", "host", "sas_url", "storage_url", "url"]

    /// Whom a remote of rclone talks to, as far as its options say.
    public static func all(inRemote options: [String: String], role: String) -> [NeededHost] {
        places.compactMap { options[$0] }.compactMap { NeededHost(in: $0, role: role) }
    }

    /// For people.
    public var words: String { "\(role) '\(name)'" }
}

/// An address that this host needs, or that ways lead over, and whose it is.
public struct NeededAddress: Hashable, Sendable {
    /// As text, of IPv4 or IPv6.
    public let address: String
    /// Such as `the git server 'git.example.com'`.
    public let owner: String

    public init(_ address: String, owner: String) {
        self.address = address
        self.owner = owner
    }
}

extension Subnet {
    /// Whether the address lies in it; `false` for what is no address.
    public func contains(address text: String) -> Bool {
        // Of an address of a link, the name of the interface stands behind it.
        guard let address = IPAddress(String(text.prefix { $0 != "%" })) else { return false }
        return contains(address)
    }

    /// What could not be reached any more if this were the network of a stack, an owner each once; in words.
    public func takes(of needed: [NeededAddress]) -> [String] {
        var owners: Set<String> = []
        return needed.filter { contains(address: $0.address) && owners.insert($0.owner).inserted }
            .map { "\($0.address), the address of \($0.owner)" }
    }
}

extension ResolvedPlan {
    /// Whom this host talks to because of the plan. What only a secret names is left out.
    public var neededHosts: [NeededHost] {
        let images = containers.keys.sorted().compactMap { image(of: $0) } + containers.values.map(\.image)
        let sources = images.compactMap { image -> NeededHost? in
            switch image {
            case .reference(let reference):
                reference.registry == "localhost" ? nil : NeededHost(in: reference.registry, role: "the registry")
            case .archive(let archive): NeededHost(in: archive.url, role: "the server of an image archive")
            case .build: nil
            }
        }
        let servers = channels.compactMap(\.server)
        let dns = (hostSettings?.dns?.servers ?? []).map { NeededHost($0, role: "the name server") }
        var targets = backup?.targets ?? [:]
        targets["vendor"] = targets["vendor"] ?? backup?.vendor?.target
        let storages = targets.sorted { $0.key < $1.key }.flatMap { $1.hosts(role: "the storage of backups") }
        var seen: Set<NeededHost> = []
        return (sources + servers + dns + storages).filter { seen.insert($0).inserted }
    }
}

extension BackupTarget {
    /// The name of the host's own remote, where it is on one.
    public var remote: String? { if case .remote(let name, _) = store { name } else { nil } }

    fileprivate func hosts(role: String) -> [NeededHost] {
        let share = mount.flatMap { NeededHost(in: $0.source, role: role) }
        guard case .rclone(let options, _) = store else { return [share].compactMap(\.self) }
        let texts = options.compactMapValues { $0.value(with: Secrets()) }
        return [share].compactMap(\.self) + NeededHost.all(inRemote: texts, role: role)
    }
}
