import Model
import Testing

@testable import Deploying

@Suite("What a container may do (issue 11, less root)")
struct ContainerConfinementTests {
    private func spec(_ change: (inout ContainerPlan) -> Void) throws -> ContainerSpec {
        var container = ContainerPlan(image: .reference(try #require(ImageReference("localhost/web:1"))))
        change(&container)
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": container])
        let builder = SpecBuilder(
            plan: plan, commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: 1,
            secrets: Secrets(), tree: "/t", secretFiles: ["web": ["/s": "/run/s"]], volumeDirectory: { _ in "" })
        return try builder.spec("web", container, image: StoredImage(id: "sha256:1"))
    }

    @Test("it has none of the capabilities that hardly any service needs, and set-uid programs give no rights")
    func standard() throws {
        let spec = try spec { _ in }
        #expect(spec.capabilities.drop == ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SETPCAP", "SYS_CHROOT"])
        #expect(!spec.allowsPrivilegeEscalation)
    }

    @Test("what the plan adds it has, what the plan drops it has not")
    func chosen() throws {
        let spec = try spec {
            $0.capabilities = CapabilityPlan(add: ["NET_RAW", "SYS_CHROOT"], drop: ["CHOWN", "MKNOD"])
            $0.allowPrivilegeEscalation = true
        }
        #expect(spec.capabilities.add == ["NET_RAW", "SYS_CHROOT"])
        #expect(spec.capabilities.drop == ["CHOWN", "MKNOD", "AUDIT_WRITE", "SETFCAP", "SETPCAP"])
        #expect(spec.allowsPrivilegeEscalation)
    }

    @Test("with a user namespace it has ids of the host that are its alone, and sees the owners of its files")
    func namespace() throws {
        let plain = try spec { $0.volumes = [VolumePlan(source: .data("a"), target: "/a")] }
        #expect(plain.userNamespace == nil)
        let own = try spec {
            $0.volumes = [VolumePlan(source: .data("a"), target: "/a")]
            $0.files = [FilePlan(source: "files/b", target: "/b", contentDigest: "")]
            $0.userns = .private
        }
        let range = try #require(own.userNamespace)
        #expect(range.first >= 0x7000_0000 && range.first % IDRange.count == 0)
        #expect(own.mounts.map(\.target) == ["/a", "/b", "/s"])
        #expect(own.mounts.map(\.keepsOwners) == [true, true, false])
        #expect(plain.mounts.first == own.mounts.first, "its mounts are the same without one")
    }

    @Test("a privileged one, and one that drops or adds all, is what its plan says")
    func whole() throws {
        let privileged = try spec { $0.privileged = true }
        #expect(privileged.capabilities.drop.isEmpty && privileged.allowsPrivilegeEscalation)
        let none = try spec { $0.capabilities = CapabilityPlan(add: ["KILL"], drop: ["ALL"]) }
        #expect(none.capabilities == CapabilityPlan(add: ["KILL"], drop: ["ALL"]))
        let all = try spec { $0.capabilities = CapabilityPlan(add: ["ALL"]) }
        #expect(all.capabilities == CapabilityPlan(add: ["ALL"]))
    }
}
