import Model
import Testing

@testable import Commands

@Suite("What doctor says of builds")
struct BuildCheckTests {
    private static let podman = EngineVersion(product: .podman, version: "4.3.1")

    private static func policy(_ builds: BuildPolicy?, _ profile: PolicyProfile = .strict) -> VSNPolicy {
        var policy = VSNPolicy(profile: profile)
        policy.builds = builds
        return policy
    }

    @Test("names where they happen, why, and with which engine")
    func words() {
        let named = VSNPolicy(allowedRegistries: ["registry.example.com"])
        for (policy, engine, status, words) in [
            (Self.policy(.off), Self.podman, HostCheck.Status.ok, "off, as 'policy.builds' says"),
            (named, Self.podman, .ok, "off, since 'policy.images.registries' names what comes in"),
            (
                Self.policy(nil, .trusted), Self.podman, .warn,
                "by the engine as root, as 'policy.profile' says, podman 4.3.1"
            ),
            (Self.policy(.host), EngineVersion(product: .podman, version: "5.4.2"), .ok, "by the engine as root"),
            (
                Self.policy(nil), EngineVersion(product: .docker, version: "28.0"), .warn,
                "the engine is docker, not Podman"
            ),
        ] {
            let check = BuildCheck(policy: policy, engine: engine).check
            #expect(check.status == status && check.found.contains(words), "\(check)")
            #expect(check.advice.isEmpty == (status == .ok), "\(check)")
        }
        #expect(BuildCheck(policy: Self.policy(nil), engine: nil).check.status == .skipped)
    }

    /// T1
    @Test("claims a signature only for what comes from a registry")
    func signatures() {
        let pulled = ("web", ImageReference("registry.example.com/acme/web:1").map(ImageSource.reference))
        let built = ("worker", ImageSource?.some(.build(BuildContext(path: "images/worker", contentDigest: ""))))
        let loaded = ("tool", ImageSource?.some(.archive(ImageArchive(url: "file:///srv/tool.tar", sha256: ""))))
        let all = ImageTrustChecks.brought(unsigned: [], of: [pulled])
        #expect(all.found == "all that run here have the signatures that they need")
        #expect(ImageTrustChecks.made(of: [pulled]).isEmpty)
        let some = ImageTrustChecks.brought(unsigned: [], of: [pulled, built])
        #expect(some.found == "all from registries that run here have the signatures that they need")
        #expect(
            ImageTrustChecks.made(of: [pulled, loaded, built]).map(\.found) == [
                "built here, and only what they begin with was checked: worker",
                "from archives, which have a checksum in the plan and no signature: tool",
            ])
        #expect(ImageTrustChecks.brought(unsigned: ["web"], of: [pulled]).status == .warn)
    }
}
