import Model
import Testing

@Suite("What differs between container engines")
struct EngineTraitsTests {
    @Test(
        "an interface is an engine's by its beginning or by the whole id at its end",
        arguments: [
            ("podman0", EngineProduct.podman), ("cni-podman0", .podman), ("docker0", .docker),
            ("br-0123456789ab", .docker), ("br-0123456789abc", nil), ("br-0123456789AB", nil), ("br-lan", nil),
            ("eth0", nil),
        ] as [(String, EngineProduct?)])
    func interfaces(name: String, owner: EngineProduct?) {
        #expect(EngineProduct.allCases.filter { $0.traits.networks.own(name) } == [owner].compactMap(\.self))
    }

    @Test(
        "tools act by a label of their own, and by each that begins with what ends in a dot",
        arguments: [
            ("PODMAN_SYSTEMD_UNIT", true), ("io.containers.autoupdate", true), ("PODMAN_SYSTEMD_UNITS", false),
            ("io.containers", false), ("com.example.team", false),
        ])
    func labels(name: String, steers: Bool) {
        #expect(EngineProduct.podman.traits.hasTool(for: name) == steers)
        #expect(!EngineProduct.docker.traits.hasTool(for: name))
    }

    @Test("no two engines share a program, a socket, a unit or a storage")
    func apart() {
        let all = EngineProduct.allCases.map(\.traits)
        for values in [
            all.map(\.program.name), all.map(\.program.address), all.map(\.service.socketName), all.map(\.service.unit),
            all.map(\.storage), all.map(\.imageStore.transport),
        ] {
            #expect(Set(values).count == values.count, "\(values)")
        }
    }

    @Test("a version is written with the engine's word, as older reports have it")
    func word() {
        #expect(EngineProduct.allCases.map(\.rawValue) == ["podman", "docker"])
        for product in EngineProduct.allCases { #expect("\(product)" == product.rawValue) }
    }
}
