import Model
import TestSupport
import Testing

@testable import ContainerEngine

@Suite("What the kernel tells of a container's user namespace")
struct NamespaceEvidenceTests {
    private static let mounts = """
        355 390 254:0 /srv/a /a ro,relatime,idmapped - ext4 /dev/vda rw
        361 390 254:0 /srv/b /b rw,relatime - ext4 /dev/vda rw
        390 182 0:60 / / rw,relatime - overlay overlay rw
        """

    private func spec(_ mounts: MountSpec...) -> ContainerSpec {
        var spec = ContainerSpec(name: "web", image: "sha256:1", network: "acme")
        spec.userNamespace = ranges["web"]
        spec.mounts = mounts
        return spec
    }

    /// The first place.
    private var ranges: [String: IDRange] {
        var container = ContainerPlan(image: .build(BuildContext(path: "a", contentDigest: "")))
        container.userns = .private
        return ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": container]).idRanges
    }

    private func evidence(_ spec: ContainerSpec, users: String? = nil, groups: String? = nil) -> NamespaceEvidence {
        let own = "         0 \(spec.userNamespace?.first ?? 0)      65536\n"
        return NamespaceEvidence(users: users ?? own, groups: groups ?? own, mounts: MountTable(Self.mounts))
    }

    @Test("ids and each mount that keeps its owners have to be as they were asked for, whatever the runtime said")
    func lacks() {
        let mapped = MountSpec(source: "/srv/a", target: "/a", readOnly: true, keepsOwners: true)
        let secret = MountSpec(source: "/run/s", target: "/s", readOnly: true)
        let second = MountSpec(source: "/srv/b", target: "/b", readOnly: false, keepsOwners: true)
        let (one, two) = (spec(mapped, secret), spec(mapped, second))
        #expect(evidence(one).lack(of: one) == nil)
        #expect(evidence(two).lack(of: two)?.contains("in '/a', '/b', which would belong to nobody") == true)
        let hosts = "         0          0 4294967295\n"
        #expect(evidence(one, users: hosts).lack(of: one) == "gives it other user ids than were asked for")
        #expect(evidence(one, groups: hosts).lack(of: one) == "gives it other user ids than were asked for")
        #expect(evidence(one, users: "").lack(of: one) != nil, "a process that is gone shows nothing")
        var plain = two
        plain.userNamespace = nil
        #expect(evidence(plain, users: hosts).lack(of: plain) == nil)
    }

    @Test(
        "what is mounted in a directory is found at any depth, and by whole names",
        arguments: [
            ("/srv/data", "/srv/data/disk/old"), ("/srv", #"/srv/back\slash/x"#), ("/", "/proc"), ("/srv/dat", nil),
            ("/srv/data/disk/old", nil), (#"/srv/back\slash"#, #"/srv/back\slash/x"#),
        ] as [(String, String?)])
    func nesting(directory: String, point: String?) {
        let table = MountTable(
            #"""
            1 0 254:0 / / rw - ext4 /dev/vda rw
            2 1 0:5 / /proc rw - proc proc rw
            3 1 254:1 / /srv/data/disk/old rw - ext4 /dev/vdb rw
            4 1 254:2 / /srv/data\0402 rw - ext4 /dev/vdc rw
            5 1 254:3 / /srv/back\134slash/x rw - ext4 /dev/vdd rw
            broken
            """#)
        #expect(table.entries.count == 5 && table.entries[3].point == "/srv/data 2")
        #expect(table.point(below: directory) == point)
    }
}
