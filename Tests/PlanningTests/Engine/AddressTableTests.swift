import Model
import Testing

@Suite("The addresses of a stack's containers")
struct AddressTableTests {
    private func network(_ subnets: String..., gateways: [String] = []) -> NetworkStatus {
        NetworkStatus(name: "acme", subnets: subnets.compactMap { Subnet($0) }, gateways: gateways)
    }

    private func table(_ names: Set<String>, _ subnets: String...) -> AddressTable {
        AddressTable(of: names, on: NetworkStatus(name: "acme", subnets: subnets.compactMap { Subnet($0) }))
    }

    @Test("a name has the same place whatever else the stack holds, and whoever is made alone")
    func stable() {
        let names: Set = ["web", "database", "proxy"]
        let all = table(names, "10.89.7.0/24").addresses(of: names)
        #expect(Set(all.values).count == 3)
        for name in names {
            #expect(table(names, "10.89.7.0/24").addresses(of: [name]) == [name: all[name] ?? []])
            #expect(table([name], "10.89.7.0/24").addresses(of: [name]) == [name: all[name] ?? []])
        }
        let elsewhere = table(names, "10.90.0.0/24").addresses(of: names)
        #expect(elsewhere.mapValues { $0.map { $0.replacing("10.90.0.", with: "10.89.7.") } } == all)
    }

    @Test("a place never changes from one release to the next: a network lives longer than a process")
    func fixed() {
        let names: Set = ["web", "database", "proxy"]
        #expect(
            table(names, "10.89.7.0/24").addresses(of: names)
                == ["web": ["10.89.7.191"], "database": ["10.89.7.55"], "proxy": ["10.89.7.235"]])
    }

    @Test(
        "the smallest subnet that a plan may name has an address for each, and none is the network's, a gateway's or everybody's",
        arguments: [1, 5, 13, 29, 253])
    func full(count: Int) {
        let length = [1: 30, 5: 29, 13: 28, 29: 27, 253: 24][count] ?? 24
        let names = Set((0..<count).map { "container-\($0)" })
        let status = network("10.89.7.0/\(length)", gateways: ["10.89.7.1"])
        let chosen = AddressTable(of: names, on: status).addresses(of: names)
        #expect(chosen.count == count)
        let numbers = chosen.values.flatMap { $0 }.compactMap { Int($0.replacing("10.89.7.", with: "")) }
        #expect(Set(numbers) == Set(2..<(count + 2)))
        #expect(AddressTable(of: names.union(["more"]), on: status).addresses(of: names.union(["more"])).count == count)
    }

    @Test("what others have is left to them, and what another container of the stack comes back to")
    func taken() throws {
        let names = Set((0..<12).map { "c\($0)" })
        let table = table(names, "10.89.7.0/28")
        let homes = table.addresses(of: names).compactMapValues(\.first)
        let free = try #require(Set((2...14).map { "10.89.7.\($0)" }).subtracting(homes.values).first)
        let guest = try #require(homes["c3"])
        #expect(table.addresses(of: ["c3"], taken: [guest]) == ["c3": [free]])
        // Better an address of a container that is not there than none.
        let last = try #require(table.addresses(of: ["c3"], taken: [guest, free])["c3"]?.first)
        #expect(homes.values.contains(last))
        #expect(table.addresses(of: ["c3"], taken: Set(homes.values).union([free])) == [:])
    }

    @Test("a container that is replaced keeps the address that it had, if nobody else has it and it is of this network")
    func present() throws {
        let names: Set = ["web", "database"]
        let table = table(names, "10.89.7.0/24")
        let homes = table.addresses(of: names)
        #expect(table.addresses(of: ["web"], present: ["web": ["10.89.7.2"]]) == ["web": ["10.89.7.2"]])
        for (present, taken) in [("10.89.7.2", "10.89.7.2"), ("10.88.0.2", "10.89.7.3"), ("", "")] {
            let chosen = table.addresses(of: ["web"], present: ["web": [present]], taken: [taken])
            #expect(chosen["web"] == homes["web"], "\(present)")
        }
        // Whoever keeps one comes first, whatever the names.
        let database = try #require(homes["database"]?.first)
        let both = table.addresses(of: names, present: ["web": [database]])
        #expect(both["web"] == [database] && both["database"]?.isEmpty == false && both["database"] != [database])
    }

    @Test("of each family one, and of the gateway's, wherever that is, none")
    func families() {
        let names: Set = ["web"]
        let both = table(names, "10.89.7.0/24", "fd00:89::/64").addresses(of: names)["web"] ?? []
        #expect(both.count == 2)
        #expect(both.first?.hasPrefix("10.89.7.") == true && both.last?.hasPrefix("fd00:89::") == true)
        let moved = network("10.89.7.0/24", gateways: [both.first ?? ""])
        #expect(AddressTable(of: names, on: moved).addresses(of: names)["web"] != [both.first ?? ""])
        #expect(AddressTable(of: names, on: moved).addresses(of: names)["web"]?.count == 1)
    }
}
