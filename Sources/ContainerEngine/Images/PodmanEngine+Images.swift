public import Model

extension PodmanEngine {
    public func images() async throws(EngineError) -> [StoredImage] {
        let answers = try await transport.call(Route(.get, "/images/json", "list images"), as: [ImageAnswer].self)
        return answers.map { $0.stored(digest: $0.isFromRegistry ? $0.digest : nil) }
    }

    public func removeImage(_ id: String, force: Bool) async throws(EngineError) {
        let action = "remove image '\(id)'"
        guard let image = try await image(id, action) else { return }
        guard force else { return try await removeUnused(image, action) }
        try await transport.call(
            Route(.delete, "/images/\(Route.encoded(image.id))", ["force": "true"], action), accepting: [404],
            deadline: configuration.callDeadline * 4)
    }

    /// The engine refuses to remove an image with several names by its id, and removes names of an image in use.
    private func removeUnused(_ image: ImageAnswer, _ action: String) async throws(EngineError) {
        let users = Route(
            .get, "/containers/json", ["all": "true", "filters": Route.filters("ancestor", image.id)], action)
        guard try await transport.call(users, as: [ListedContainer].self).isEmpty else { return }
        // At last by its id: one that was pulled by its digest is kept under that as well, which is no name here.
        for name in (image.repoTags ?? []) + [image.id] {
            try await transport.call(
                Route(.delete, "/images/\(Route.encoded(name))", action), accepting: [404, 409],
                deadline: configuration.callDeadline * 4)
        }
    }
}
