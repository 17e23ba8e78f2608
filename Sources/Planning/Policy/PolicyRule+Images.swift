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

extension VSNPolicy {
    fileprivate func problem(of image: ImageReference, at pointer: String) -> PlanProblem? {
        guard let allowed = images.registries, !allowed.contains(where: { PolicyRule.covers($0, image.name) }) else {
            return nil
        }
        return refusal(
            "registry of '\(image)' is not allowed", at: pointer, setting: "images.registries", list: allowed,
            lacks: image.name)
    }

    /// What speaks against an archive of the plan, or one that a server leads on to; `shown` is what people read of it.
    public func problem(
        ofArchiveAt url: String, shown: String, pointer: String = "/containers"
    ) -> PlanProblem? {
        guard !accepts(archive: url) else { return nil }
        return refusal(
            "image archive '\(shown)' is not allowed", at: pointer, setting: "images.archives",
            list: images.archives ?? [], lacks: shown)
    }

    /// Of a host that names its registries no archive is taken that it does not name too. A file of the host is read by
    /// root, whoever may read it else.
    func accepts(archive url: String) -> Bool {
        if let allowed = images.archives { return allowed.contains { PolicyRule.covers($0, url) } && !Self.climbs(url) }
        guard images.registries == nil else { return false }
        return profile == .trusted || !url.hasPrefix("file:")
    }

    /// `/srv/images/../secret` lies below `/srv/images` as a text only.
    private static func climbs(_ url: String) -> Bool {
        url.pathParts.contains { ["..", "%2e%2e", ".%2e", "%2e."].contains($0.lowercased()) }
    }
}
