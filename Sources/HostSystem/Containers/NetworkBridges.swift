internal import Files
internal import Glibc
public import Model
internal import Processes

/// The bridges that engines make for Fairlead's networks; others are not looked at.
public struct NetworkBridges: Sendable {
    private let host: HostSystem

    public init(of host: HostSystem) { self.host = host }

    public func bridge(named name: String) -> BridgeStatus? {
        guard HostInterface.isStackBridge(name), if_nametoindex(name) > 0 else { return nil }
        let routes = RouteTable.current().routes.filter { $0.interface == name }.compactMap(\.network)
        return BridgeStatus(
            addresses: Set(HostInterface.all().filter { $0.name == name }.map(\.address)),
            routes: Set(routes.compactMap { Subnet($0) }), isUp: HostInterface.isUp(name), ports: ports(of: name))
    }

    /// Each running container has one; what is down carries nothing. `nil` where they cannot be seen.
    private func ports(of bridge: String) -> Int? {
        let path = "/sys/class/net/\(bridge)/brif"
        guard access(path, R_OK | X_OK) == 0, let names = try? DirectoryContent.names(in: path) else { return nil }
        return names.count { HostInterface.isUp($0) }
    }

    /// What is wrong with a network on which this many containers run; `nil` where nothing is, where it cannot be told, and of one
    /// whose bridge Fairlead did not name.
    public func fault(of network: NetworkStatus, under containers: Int) -> NetworkFault? {
        guard containers > 0, let interface = network.interface, HostInterface.isStackBridge(interface) else {
            return nil
        }
        let isServed = network.resolvesNames ? NameServers.current()?.serve(network.gateways) : nil
        return NetworkFault(
            bridge(named: interface), of: network, containers: containers, resolves: isServed)
    }

    /// Sets the bridge up, with every address that it lacks; it is made where it is gone. Containers are not put on it.
    public func makeWhole(_ network: NetworkStatus) async throws {
        guard let interface = network.interface, HostInterface.isStackBridge(interface) else { return }
        if if_nametoindex(interface) == 0 {
            try await ip(["link", "add", "name", interface, "type", "bridge"], "make bridge '\(interface)' anew")
        }
        guard let bridge = bridge(named: interface),
            case .readdress(let addresses) = BridgeRemedy(bridge, of: network, isInUse: true)
        else { return }
        try await readdressBridge(named: interface, addresses)
    }

    /// No error when it is gone.
    public func removeBridge(named name: String) async throws {
        do throws(HostError) {
            try await ip(["link", "delete", "dev", name], "remove the half-made bridge '\(name)'")
        } catch {
            guard if_nametoindex(name) == 0 else { throw error }
        }
    }

    /// Sets it up, with its addresses and the ways that belong to them.
    public func readdressBridge(named name: String, _ addresses: [String]) async throws {
        let action = "give bridge '\(name)' its address back"
        try await ip(["link", "set", "dev", name, "up"], action)
        for address in addresses {
            // One that is there and has no way to its network any more would not get it by being added again.
            try? await ip(["address", "delete", address, "dev", name], action)
            try await ip(["address", "add", address, "dev", name], action)
        }
    }

    private func ip(_ arguments: [String], _ action: String) async throws(HostError) {
        let words = try UnconfinedProgram(host).words(
            [try host.command("ip")] + arguments, needing: .networkAdministration, within: .seconds(10))
        do throws(CommandFailure) {
            _ = try await Command(words[0], Array(words.dropFirst()), deadline: .seconds(20)).run()
        } catch {
            let reason = error.tail.split(whereSeparator: \.isNewline).joined(separator: " | ")
            throw HostError(
                "cannot \(action): \(reason.isEmpty ? "\(error)" : reason)",
                hint: "mend it as root: ip \(arguments.joined(separator: " "))", disposition: .transient)
        }
    }
}
