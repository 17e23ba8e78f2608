/// Which addresses the containers of a stack have on its network; a pure function of their names and of the network.
///
/// So nothing has to be remembered: whoever makes one of the containers anew finds the address that it had. A name has the
/// same place in each subnet that is large enough, whatever else the plan holds.
public struct AddressTable: Sendable {
    private let blocks: [AddressBlock]

    /// `names`: all of the stack.
    public init(of names: Set<String>, on network: NetworkStatus) {
        let gateways = Set(network.gateways.compactMap(IPAddress.init))
        blocks = network.subnets.map { AddressBlock($0, reserved: gateways, names: names.sorted()) }
    }

    /// Of each of `names`, one for each subnet; a name for which there is none left is missing.
    /// `present` is what they had last, which they keep; `taken` is what everything else on the network has.
    public func addresses(
        of names: Set<String>, present: [String: Set<String>] = [:], taken: Set<String> = []
    ) -> [String: [String]] {
        let present = present.mapValues { $0.compactMap(IPAddress.init) }
        let taken = Set(taken.compactMap(IPAddress.init))
        let columns = blocks.map { $0.addresses(of: names.sorted(), present: present, taken: taken) }
        return names.reduce(into: [:]) { table, name in
            let own = columns.compactMap { $0[name]?.description }
            if own.count == columns.count { table[name] = own }
        }
    }
}

/// The part of the table that lies in one subnet.
private struct AddressBlock: Sendable {
    private let subnet: Subnet
    private let reserved: Set<IPAddress>
    /// The first is the network's own, the second the gateway's, the last the broadcast's.
    private let numbers: Range<Int>
    private var homes: [String: IPAddress] = [:]

    init(_ subnet: Subnet, reserved: Set<IPAddress>, names: [String]) {
        self.subnet = subnet
        self.reserved = reserved
        numbers = 2..<max(2, (1 << min(subnet.hostBits, 16)) - 1)
        var used = reserved
        for name in names {
            guard let home = candidates(for: name).first(where: { !used.contains($0) }) else { continue }
            used.insert(home)
            homes[name] = home
        }
    }

    func addresses(
        of names: [String], present: [String: [IPAddress]], taken: Set<IPAddress>
    ) -> [String: IPAddress] {
        var used = taken.union(reserved)
        var chosen: [String: IPAddress] = [:]
        for name in names {
            let kept = present[name]?.first { subnet.contains($0) && !used.contains($0) }
            if let kept, used.insert(kept).inserted { chosen[name] = kept }
        }
        for name in names where chosen[name] == nil {
            guard let address = place(for: name, used) else { continue }
            used.insert(address)
            chosen[name] = address
        }
        return chosen
    }

    /// Its own; where somebody has that, one that no other container of the stack will come back to, if there is one.
    private func place(for name: String, _ used: Set<IPAddress>) -> IPAddress? {
        if let home = homes[name], !used.contains(home) { return home }
        let free = candidates(for: name).filter { !used.contains($0) }
        let others = Set(homes.values)
        return free.first { !others.contains($0) } ?? free.first
    }

    /// Every address for a container, from the one that its name stands for, and round.
    private func candidates(for name: String) -> some Sequence<IPAddress> {
        let first = numbers.isEmpty ? 0 : Int(Self.mark(of: name) % UInt64(numbers.count))
        return numbers.lazy.map { number in
            subnet.network.advanced(by: numbers.lowerBound + (number - numbers.lowerBound + first) % numbers.count)
        }
    }

    /// FNV-1a: the same in each process and release, unlike Swift's own hashes.
    private static func mark(of name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
