extension VSNPolicy {
    /// What speaks against an image of a registry.
    package func problem(of image: ImageReference, at pointer: String) -> PlanProblem? {
        guard let allowed = images.registries, !allowed.contains(where: { Self.covers($0, image.name) }) else {
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
        if let allowed = images.archives { return allowed.contains { Self.covers($0, url) } && !Self.climbs(url) }
        guard images.registries == nil else { return false }
        return profile == .trusted || !url.hasPrefix("file:")
    }

    /// `/srv/images/../secret` lies below `/srv/images` as a text only.
    private static func climbs(_ url: String) -> Bool {
        url.pathParts.contains { ["..", "%2e%2e", ".%2e", "%2e."].contains($0.lowercased()) }
    }
}
