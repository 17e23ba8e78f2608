internal import Model

/// One question for all three sources of images: what the owner of the host lets in.
extension PolicyRule {
    static let registries = Self(keys: ["/containers/*/image", "/hotfixes", "/registries"]) { policy, plan in
        guard let allowed = policy.images.registries else { return [] }
        let containers = plan.containers.sorted { $0.key < $1.key }.compactMap { name, container -> PlanProblem? in
            guard case .reference(let image) = container.image else { return nil }
            return policy.problem(of: image, at: JSONPointer.child(name, of: "/containers") + "/image")
        }
        let hotfixes = plan.hotfixes.sorted { $0.key < $1.key }.compactMap { name, image in
            policy.problem(of: image, at: JSONPointer.child(name, of: "/hotfixes"))
        }
        let hosts = Set(allowed.compactMap { $0.split(separator: "/").first.map(String.init) })
        let logins = plan.registries.keys.sorted().filter { !hosts.contains($0) }.map { name in
            policy.refusal(
                "the login at registry '\(name)' is not allowed", at: JSONPointer.child(name, of: "/registries"),
                setting: "images.registries", list: allowed, lacks: name)
        }
        return containers + hotfixes + logins
    }

    static let archives = ofContainers("image/archive") { policy, container, pointer in
        // What is no address of an archive, or holds a password, is refused in other words.
        guard case .archive(let archive) = container.image, ArchiveURL.problem(with: archive.url) == nil,
            let problem = policy.problem(
                ofArchiveAt: archive.url, shown: archive.url, pointer: "\(pointer)/image/archive")
        else { return [] }
        return [problem]
    }

    static let builds = ofContainers("image/build") { policy, container, pointer in
        guard case .build = container.image, policy.buildPolicy == .off else { return [] }
        return [
            policy.refusal(
                "a build of images is not allowed", at: "\(pointer)/image/build", setting: "builds",
                value: "\"\(BuildPolicy.isolated.rawValue)\"")
        ]
    }
}
