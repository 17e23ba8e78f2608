internal import AsyncHTTPClient
internal import FoundationEssentials
public import Model
internal import Processes

extension PodmanEngine {
    /// Steps whose input did not change are taken from a cache. Isolated, nothing of this host can be reached.
    public func build(
        _ build: ImageBuild, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        guard configuration.builds == .isolated else { return try await builtByEngine(build, progress) }
        return try await IsolatedBuild(engine: self, build: build, progress: progress).run()
    }
}

extension EngineClient {
    /// The engine builds as root, and a build that breaks out of its container is root on this host.
    func builtByEngine(
        _ build: ImageBuild, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        let action = "build '\(build.tag)'"
        guard configuration.builds != .off else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): this host builds no images", hint: BuildIsolation.wayOut)
        }
        let recipe = try recipe(in: build.directory, action)
        let file = containerfile(in: build.directory, recipe)
        // The engine has no logins of its own, and asks for no signature. What only some builders take for an image, it
        // may pull as well.
        for name in (file.bases + file.otherBases).map(\.name) where ImageReference(name) != nil {
            _ = try await build.base(name)
        }
        return try await built(build, recipe, action, progress)
    }

    private func built(
        _ build: ImageBuild, _ recipe: String, _ action: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        let query: KeyValuePairs = [
            "dockerfile": recipe, "t": build.tag, "labels": Self.json(build.labels), "layers": "true", "rm": "true",
            "forcerm": "true",
            // Podman's default, Docker's format, never finds a layer in the cache of Podman 4.3.
            "outputformat": "application/vnd.oci.image.manifest.v1+json",
        ]
        let route = Route(.post, "/build", query, action)
        do {
            try await context(of: build.directory).stream { [transport] output in
                var route = route
                route.content = .tar(.stream(ByteBuffers(base: output), length: .unknown))
                try await transport.lines(route) { try await Self.follow($0, action, progress) }
            }
        } catch {
            throw EngineError(error, action)
        }
        guard let image = try await image(build.tag, action) else {
            throw EngineError(
                .malformed, "cannot \(action): the engine does not know what it built", disposition: .transient)
        }
        return image.stored(digest: nil)
    }

    /// The images that the build starts or copies from.
    func containerfile(in directory: String, _ recipe: String) -> Containerfile {
        Containerfile([UInt8](FileManager.default.contents(atPath: "\(directory)/\(recipe)") ?? Data()))
    }

    func recipe(in directory: String, _ action: String) throws(EngineError) -> String {
        let names = ["Containerfile", "Dockerfile"]
        if let name = names.first(where: { FileManager.default.fileExists(atPath: "\(directory)/\($0)") }) {
            return name
        }
        throw EngineError(
            .refused(status: nil),
            "cannot \(action): there is neither 'Containerfile' nor 'Dockerfile' in its directory",
            hint: "add one; 'FROM …' is its first line")
    }

    /// The dates stay: the engine's cache does not look at them, and with one date for all builds a changed page of the
    /// same length would keep its `ETag`, so that browsers show the old one.
    func context(of directory: String) throws(EngineError) -> Command {
        guard let tar = Command.find("tar") else { throw missing("tar") }
        let fixed = ["--sort=name", "--numeric-owner", "--owner=0", "--group=0", "--format=gnu"]
        return Command(tar, fixed + ["-C", directory, "-cf", "-", "."], deadline: configuration.transferDeadline)
    }

    private static func follow(
        _ lines: AnswerLines, _ action: String, _ progress: @Sendable (String) -> Void
    ) async throws {
        var last: [String] = []
        for try await line in lines {
            let line = try JSONDecoder().decode(ProgressLine.self, from: Data(line))
            if let problem = line.error {
                let said = (last.suffix(5) + [problem]).joined(separator: "\n")
                throw EngineError(status: nil, said: said, action)
            }
            guard let text = line.stream.map(shortened), !text.isEmpty else { continue }
            last = last.suffix(9) + [text]
            progress(text)
        }
    }

    private static func json(_ labels: [String: String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: (try? encoder.encode(labels)) ?? Data("{}".utf8), as: UTF8.self)
    }
}
