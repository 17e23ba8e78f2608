internal import Files
internal import Glibc
public import Model
internal import Processes

/// Addresses that a host needs, as its names resolve now.
public struct AddressBook: Sendable {
    private let host: HostSystem
    private var configuration: HostConfiguration { host.configuration }

    public init(of host: HostSystem) { self.host = host }

    /// For the host itself and for `plan`. What does not resolve is left out: it could not be reached before.
    public func neededAddresses(for plan: ResolvedPlan) async -> [NeededAddress] {
        let hosts = ownHosts(for: plan) + plan.neededHosts
        let resolved = await withTaskGroup(of: (Int, [NeededAddress]).self) { group in
            for (index, host) in hosts.enumerated() {
                group.addTask {
                    (index, await Self.addresses(of: host.name).map { NeededAddress($0, owner: host.words) })
                }
            }
            return await group.reduce(into: [Int: [NeededAddress]]()) { $0[$1.0] = $1.1 }
        }
        return hosts.indices.flatMap { resolved[$0] ?? [] } + Self.nameServers
            + RouteTable.current().needed(except: host.interfaceSubnets())
    }

    private func ownHosts(for plan: ResolvedPlan) -> [NeededHost] {
        let servers = configuration.essentialNames.map { NeededHost($0, role: "the git server") }
        let proxy = configuration.proxy.map { [NeededHost($0.host, role: "the web proxy")] } ?? []
        let remotes = (plan.backup?.targets.values.compactMap(\.remote) ?? []).compactMap { configuration.remotes[$0] }
        return servers + proxy + remotes.flatMap { NeededHost.all(inRemote: $0, role: "the storage of backups") }
    }

    /// Behind systemd's resolver on a loopback address there are others.
    private static var nameServers: [NeededAddress] {
        ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"].flatMap { path -> [NeededAddress] in
            let content = (try? Descriptor(path, O_RDONLY).read(limit: 64 << 10)) ?? []
            return String(decoding: content, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(whereSeparator: \.isWhitespace)
                guard words.count > 1, words[0] == "nameserver" else { return nil }
                return NeededAddress(String(words[1]), owner: "a name server of this host")
            }
        }
    }

    /// In a process of its own, which can be ended: a name server that is silent is waited for by the C library.
    private static func addresses(of name: String) async -> [String] {
        guard let getent = Command.find("getent"),
            let answer = try? await Command(getent, ["ahosts", name], deadline: .seconds(5)).run().text
        else { return [] }
        let addresses = answer.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        return Set(addresses).sorted()
    }
}
