internal import ContainerEngine
internal import Glibc
internal import Model

/// The engine, the kernel's limits, and what an earlier life left behind.
struct EngineChecks {
    let host: HostComposition

    func checks() async -> [HostCheck] {
        let engine = await engine()
        return [engine, controllers] + (engine.status == .fail ? [] : [await leftovers()])
    }

    private func engine() async -> HostCheck {
        do {
            return Self.check(try await host.engine.version(), host.configuration.engine)
        } catch {
            return .fail("engine", error)
        }
    }

    static func check(_ version: EngineVersion, _ settings: VSNConfiguration.Engine) -> HostCheck {
        let (product, traits) = (version.product, version.product.traits)
        let found = "\(product) \(version.version) at '\(settings.socket)'"
        if product != .presumed, settings.storage == EngineProduct.presumed.traits.storage {
            return .warn(
                "engine", found, "set 'engine.storage' to where \(traits.name) keeps its images: \(traits.storage)")
        }
        guard let oldest = traits.testedSince, version.version.isBefore(oldest) else { return .ok("engine", found) }
        let words = oldest.map(String.init).joined(separator: ".")
        return .warn("engine", found, "\(words) or later is what Fairlead is tested with")
    }

    /// Without them the limits of `resources` are not enforced.
    private var controllers: HostCheck {
        let root = "/sys/fs/cgroup"
        guard let text = (try? HostFile("\(root)/cgroup.controllers").read(limit: 4096)).flatMap({ $0 }) else {
            let isMounted = access("\(root)/memory", F_OK) == 0 && access("\(root)/cpu", F_OK) == 0
            return isMounted ? .ok("cgroups", "version 1, with cpu and memory") : Self.noLimits("no controllers found")
        }
        let present = Set(String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.map(String.init))
        let missing = ["cpu", "memory", "pids"].filter { !present.contains($0) }
        guard missing.isEmpty else { return Self.noLimits("missing: \(missing.joined(separator: ", "))") }
        return .ok("cgroups", "version 2, with cpu, memory and pids")
    }

    private static func noLimits(_ found: String) -> HostCheck {
        .warn("cgroups", found, "limits in 'resources' are not enforced; enable the controllers in the kernel")
    }

    /// Containers with our label that are not of the deployed plan.
    private func leftovers() async -> HostCheck {
        do {
            let own = try await host.engine.containers(label: FairleadLabel.stack, value: nil)
            let plan = try await host.deployedState()?.desired.plan
            let strays = own.filter { !Self.isPlanned($0, plan) }.map(\.name).sorted()
            guard !strays.isEmpty else { return .ok("containers", "\(own.count) of the stack, none left over") }
            return .warn(
                "containers", "left over: \(strays.joined(separator: ", "))",
                "the next deployment, or 'fairlead teardown', removes those of its stack; 'podman rm' others")
        } catch {
            return .fail("containers", error)
        }
    }

    private static func isPlanned(_ container: ContainerStatus, _ plan: ResolvedPlan?) -> Bool {
        guard let plan, container.labels[FairleadLabel.stack] == plan.stack else { return false }
        return container.labels[FairleadLabel.container].map { plan.containers[$0] != nil } ?? false
    }
}

extension String {
    /// Whether it is an older version than `oldest`, or none.
    fileprivate func isBefore(_ oldest: [Int]) -> Bool {
        let numbers = split(separator: ".").compactMap { Int($0) }
        return numbers.count < oldest.count || numbers.lexicographicallyPrecedes(oldest)
    }
}
