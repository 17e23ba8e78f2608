internal import FoundationEssentials
public import Model

extension DockerEngine {
    /// What is loaded is a copy of its own, which nobody else can write, and which goes, whatever happens.
    public func load(
        _ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage { try await loaded(archive, progress) }

    /// The lines of the answer say `Loaded image: NAME`, of an image without a name `Loaded image ID: ID`.
    func loadedNames(_ answer: Answer, _ action: String) throws(EngineError) -> [String] {
        var names: [String] = []
        for line in answer.body.split(separator: UInt8(ascii: "\n")) {
            let line = try Answer(status: answer.status, body: Array(line)).decoded(ProgressLine.self, action)
            if let problem = line.error { throw EngineError(status: nil, said: problem, action) }
            let text = line.stream.map { $0.split(whereSeparator: \.isNewline).joined() } ?? ""
            if let name = text.strippingPrefix("Loaded image: ") ?? text.strippingPrefix("Loaded image ID: ") {
                names.append(name)
            }
        }
        return names
    }

    /// Steps whose input did not change are taken from the engine's cache.
    public func build(
        _ build: ImageBuild, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        if configuration.builds == .isolated, let obstacle = BuildIsolation(product: .docker).obstacle {
            throw EngineError(
                .refused(status: nil), "cannot build '\(build.tag)' in isolation: \(obstacle)",
                hint: BuildIsolation.wayOut)
        }
        return try await builtByEngine(build, progress)
    }

    public func images() async throws(EngineError) -> [StoredImage] {
        let answers = try await transport.call(Route(.get, "/images/json", "list images"), as: [ImageAnswer].self)
        return answers.map(\.named).map { image in
            let digest = image.repoDigests?.first.flatMap { $0.split(separator: "@").last.map(String.init) }
            return image.stored(digest: digest)
        }
    }

    /// The engine writes an archive of the image, for which it compares each file with what was pulled; the archive is
    /// dropped. Throws where that cannot be told, such as for want of space for the archive.
    public func isIntact(_ id: String) async throws(EngineError) -> Bool { try await canBeSaved(id) }

    public func removeImage(_ id: String, force: Bool) async throws(EngineError) {
        let action = "remove image '\(id)'"
        guard let image = try await image(id, action)?.named else { return }
        if force { return try await remove(image.id, ["force": "1"], [404], action) }
        // The engine refuses to remove an image with several names by its id, and removes names of an image in use.
        let users = try await transport.call(
            Route(.get, "/containers/json", ["all": "1"], action), as: [DockerListedContainer].self)
        guard !users.contains(where: { $0.imageID == image.id }) else { return }
        let names = (image.repoTags ?? []) + (image.repoDigests ?? [])
        for name in names.isEmpty ? [image.id] : names { try await remove(name, [:], [404, 409], action) }
    }

    private func remove(
        _ name: String, _ query: KeyValuePairs<String, String>, _ accepting: Set<Int>, _ action: String
    ) async throws(EngineError) {
        try await transport.call(
            Route(.delete, "/images/\(Route.encoded(name))", query, action), accepting: accepting,
            deadline: configuration.callDeadline * 4)
    }
}

extension ImageAnswer {
    /// Without the `<none>:<none>` of an image that has no name.
    fileprivate var named: ImageAnswer {
        ImageAnswer(
            id: id, size: size, digest: digest, repoTags: repoTags?.filter { !$0.contains("<none>") },
            repoDigests: repoDigests?.filter { !$0.contains("<none>") })
    }
}
