import Planning
import Testing

@testable import Commands

@Suite("What doctor says of builds")
struct BuildCheckTests {
    private static let podman = EngineVersion(product: "podman", version: "4.3.1")

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
            (Self.policy(.host), EngineVersion(product: "podman", version: "5.4.2"), .ok, "by the engine as root"),
            (
                Self.policy(nil), EngineVersion(product: "docker", version: "28.0"), .warn,
                "the engine is docker, not Podman"
            ),
        ] {
            let check = BuildCheck(policy: policy, engine: engine).check
            #expect(check.status == status && check.found.contains(words), "\(check)")
            #expect(check.advice.isEmpty == (status == .ok), "\(check)")
        }
        #expect(BuildCheck(policy: Self.policy(nil), engine: nil).check.status == .skipped)
    }
}
