internal import ContainerEngine
internal import Model

/// Where images are built, why there, and whether that works on this host.
struct BuildCheck {
    let policy: VSNPolicy
    /// `nil` when it does not answer.
    let engine: EngineVersion?

    var check: HostCheck {
        switch policy.buildPolicy {
        case .off: .ok("builds", "off, \(reason)")
        case .host: host
        case .isolated: engine.map { isolated($0, BuildIsolation(product: $0.product)) } ?? unknown
        }
    }

    private var unknown: HostCheck { .skipped("builds", because: "the engine has to answer first") }

    func isolated(_ engine: EngineVersion, _ isolation: BuildIsolation) -> HostCheck {
        if let obstacle = isolation.obstacle {
            return .warn(
                "builds", "isolated, \(reason), which this host cannot: \(obstacle); a plan with a build is refused",
                BuildIsolation.wayOut)
        }
        let found = "isolated, \(reason), with \(engine.product) \(engine.version)"
        return isolation.lack.map { .warn("builds", found, $0) } ?? .ok("builds", found)
    }

    private var host: HostCheck {
        let found = "by the engine as root, \(reason)" + (engine.map { ", \($0.product) \($0.version)" } ?? "")
        guard let engine, let holes = Self.holes(of: engine) else { return .ok("builds", found) }
        return .warn(
            "builds", "\(found), which a build can break out of (\(holes.names))",
            "remove \"builds\": \"host\" from 'policy' unless everybody who can push may be root on this host")
    }

    private var reason: String {
        if policy.builds != nil { return "as 'policy.builds' says" }
        if policy.images.registries != nil { return "since 'policy.images.registries' names what comes in" }
        return policy.profile == .trusted ? "as 'policy.profile' says" : "the default"
    }

    private static func holes(of engine: EngineVersion) -> EngineTraits.BuildHoles? {
        let numbers = engine.version.split { !$0.isNumber }.compactMap { Int($0) }
        return engine.product.traits.buildHoles.flatMap { numbers.lexicographicallyPrecedes($0.fixedIn) ? $0 : nil }
    }
}
