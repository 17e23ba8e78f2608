import Model
import Testing

@Suite("A network's bridge before a container is started on it")
struct BridgeRemedyTests {
    private func network(_ subnets: String..., gateways: [String]) -> NetworkStatus {
        NetworkStatus(name: "acme", subnets: subnets.compactMap { Subnet($0) }, gateways: gateways)
    }

    private func bridge(_ addresses: Set<String> = [], routes: String...) -> BridgeStatus {
        BridgeStatus(addresses: addresses, routes: Set(routes.compactMap { Subnet($0) }))
    }

    private func down(_ addresses: Set<String>, routes: String...) -> BridgeStatus {
        BridgeStatus(addresses: addresses, routes: Set(routes.compactMap { Subnet($0) }), isUp: false)
    }

    @Test("one that is whole or not made yet is left, one without address or way is made anew or gets them again")
    func remedies() {
        let acme = network("10.89.7.0/24", gateways: ["10.89.7.1"])
        let again = BridgeRemedy.readdress(["10.89.7.1/24"])
        let cases: [(BridgeStatus?, idle: BridgeRemedy, used: BridgeRemedy)] = [
            (nil, .none, .none),
            (bridge(["10.89.7.1"], routes: "10.89.7.0/24"), .none, .none),
            (bridge(["10.89.7.1", "fe80::1"], routes: "10.89.7.0/24", "fe80::/64"), .none, .none),
            (bridge(), .remove, again),
            (bridge(["10.89.7.1"]), .remove, again),
            (bridge(["10.89.8.1"], routes: "10.89.8.0/24"), .remove, again),
            (bridge(routes: "10.89.7.0/24"), .remove, again),
            (down(["10.89.7.1"], routes: "10.89.7.0/24"), .remove, .readdress([])),
        ]
        for (status, idle, used) in cases {
            #expect(BridgeRemedy(status, of: acme, isInUse: false) == idle, "\(status as Any)")
            #expect(BridgeRemedy(status, of: acme, isInUse: true) == used, "\(status as Any)")
        }
    }

    @Test("of two families only what is missing is given again; a network without gateway lacks nothing")
    func families() {
        let both = network("10.89.7.0/24", "fd00:89::/64", gateways: ["10.89.7.1", "fd00:89::1"])
        let half = bridge(["10.89.7.1"], routes: "10.89.7.0/24")
        #expect(BridgeRemedy(half, of: both, isInUse: true) == .readdress(["fd00:89::1/64"]))
        let bare = bridge(["10.89.7.1", "fd00:89::1"], routes: "10.89.7.0/24")
        #expect(BridgeRemedy(bare, of: both, isInUse: false) == .none)
        #expect(BridgeRemedy(bare, of: both, isInUse: true) == .readdress(["fd00:89::1/64"]))
        let whole = bridge(["10.89.7.1", "fd00:89::1"], routes: "10.89.7.0/24", "fd00:89::/64")
        #expect(BridgeRemedy(whole, of: both, isInUse: true) == .none)
        #expect(BridgeRemedy(bridge(), of: network("10.89.7.0/24", gateways: []), isInUse: false) == .none)
    }

    @Test("of a network that is used, a bridge that is gone, down or bare and a silent name server are told apart")
    func faults() {
        var acme = network("10.89.7.0/24", gateways: ["10.89.7.1"])
        let whole = bridge(["10.89.7.1"], routes: "10.89.7.0/24")
        // An engine whose networks have no bridge of ours.
        #expect(NetworkFault(nil, of: acme, containers: 2, resolves: nil) == nil)
        acme.interface = "fl-1"
        #expect(NetworkFault(nil, of: acme, containers: 2, resolves: nil) == .gone(bridge: "fl-1"))
        #expect(NetworkFault(down(["10.89.7.1"]), of: acme, containers: 2, resolves: nil) == .down(bridge: "fl-1"))
        #expect(
            NetworkFault(down(["10.89.7.1"], routes: "10.89.7.0/24"), of: acme, containers: 2, resolves: nil)
                == .down(bridge: "fl-1"))
        #expect(
            NetworkFault(bridge(), of: acme, containers: 2, resolves: nil)
                == .bare(bridge: "fl-1", lacking: ["10.89.7.1/24"]))
        #expect(NetworkFault(whole, of: acme, containers: 2, resolves: nil) == nil)
        #expect(NetworkFault(whole, of: acme, containers: 2, resolves: true) == nil)
        #expect(NetworkFault(whole, of: acme, containers: 2, resolves: false) == .nameless)
        // Theirs, and that of a container that is paused.
        var crowded = whole
        crowded.ports = 3
        #expect(NetworkFault(crowded, of: acme, containers: 2, resolves: nil) == nil)
        crowded.ports = 1
        let loose = NetworkFault(crowded, of: acme, containers: 2, resolves: false)
        #expect(loose == .loose(bridge: "fl-1", containers: 1))
        // A stack is started anew only where nothing of it goes on.
        #expect(loose?.cutsOff == false)
        #expect(NetworkFault.bare(bridge: "fl-1", lacking: ["10.89.7.1/24"]).cutsOff)
        #expect(!NetworkFault.bare(bridge: "fl-1", lacking: ["fd00::1/64"]).cutsOff)
        #expect(loose?.text == "is not whole: 1 of its containers is not on its bridge 'fl-1'")
    }
}
