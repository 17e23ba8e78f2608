internal import FoundationEssentials
public import Model
internal import Processes

/// Asks registries, and the engines' stores of this machine, what images say of themselves; nothing is brought. It goes through skopeo,
/// which knows logins, certificates and proxies of whoever calls it as Podman does.
public struct ImageInquiry: Sendable {
    /// What one image says of itself.
    public struct Finding: Hashable, Sendable {
        public let configuration: ImageConfiguration
        /// All that its name stands for, such as `linux/arm64`; empty where that is one image.
        public let platforms: [String]
    }

    private let program: [String]
    private let environment: [String: String]
    private let platform: HostPlatform?

    /// In bytes: a registry says what it likes.
    private static let longestAnswer = 4 << 20

    /// Of images for several platforms the one for `platform` is asked for. `environment` is the caller's.
    public init(for platform: HostPlatform?, environment: [String: String]) throws(EngineError) {
        let path = environment["PATH"] ?? Command.plainEnvironment["PATH"] ?? ""
        guard let skopeo = Command.find("skopeo", path: path) else {
            throw EngineError(
                .refused(status: nil), "cannot ask for images: the program 'skopeo' is not installed",
                hint:
                    "install the package 'skopeo' ('apt-get install skopeo', 'dnf install skopeo', 'brew install skopeo')"
            )
        }
        let registries = environment["CONTAINERS_REGISTRIES_CONF"].map { ["--registries-conf", $0] } ?? []
        program = [skopeo, "--insecure-policy"] + registries
        self.environment = environment
        self.platform = platform
    }

    /// An image of `localhost/…` is looked for in the store of each engine.
    public func ask(for image: ImageReference) async throws(EngineError) -> Finding {
        guard image.registry == "localhost" else { return try await ask("docker://\(Self.single(image))", image) }
        for store in EngineProduct.allCases.map(\.traits.imageStore) {
            do throws(EngineError) {
                return try await ask("\(store.transport):\(image)", image, hasManifest: store.keepsManifests)
            } catch { continue }
        }
        throw EngineError(
            .refused(status: 404), "image '\(image)' is in no engine's store of this machine",
            hint: "it is made or loaded on the host; look there with 'podman image inspect \(image)'")
    }

    private func ask(
        _ place: String, _ image: ImageReference, hasManifest: Bool = true
    ) async throws(EngineError) -> Finding {
        let action = "ask for '\(image)'"
        var manifest = ManifestAnswer(manifests: nil, annotations: nil)
        if hasManifest { manifest = try await self.manifest(at: place, action) }
        let listed = (manifest.manifests ?? []).filter { $0.shown != "unknown/unknown" && !$0.shown.isEmpty }
        let choice = chosen(of: listed)
        // Engines go by the annotations of the one image, not by those of the list.
        if let digest = choice?.digest {
            manifest = try await self.manifest(at: "docker://\(image.name)@\(digest)", action)
        }
        let options = choice?.platform?.options ?? []
        let answer = Answer(status: 200, body: try await run(options, ["--raw", "--config", place], action))
        var configuration = try answer.decoded(StoredConfigurationAnswer.self, action).configuration
        configuration.annotations = Set((manifest.annotations ?? [:]).keys)
        return Finding(configuration: configuration, platforms: listed.map(\.shown))
    }

    private func manifest(at place: String, _ action: String) async throws(EngineError) -> ManifestAnswer {
        try Answer(status: 200, body: try await run([], ["--raw", place], action)).decoded(
            ManifestAnswer.self, action)
    }

    /// The one that the host would take; else the first, which tells what is wrong.
    private func chosen(of listed: [ManifestAnswer.Entry]) -> ManifestAnswer.Entry? {
        guard let platform else { return listed.first }
        let fitting = listed.filter { entry in entry.platform.map { platform.runs($0.configuration) } ?? false }
        return fitting.last { $0.platform?.architecture == platform.architecture } ?? fitting.first ?? listed.first
    }

    private func run(
        _ options: [String], _ arguments: [String], _ action: String
    ) async throws(EngineError) -> [UInt8] {
        let command = Command(
            program[0], Array(program.dropFirst()) + options + ["inspect"] + arguments, environment: environment,
            workingDirectory: "/", deadline: .seconds(60), outputLimit: Self.longestAnswer)
        let result: CommandResult
        do {
            result = try await command.runToEnd()
        } catch {
            throw EngineError(error, action)
        }
        guard result.status == 0 else {
            throw EngineError(status: nil, said: RegistryReader.words(result.errorTail), action).ofRegistry
        }
        return result.output
    }

    /// skopeo takes no name with both; the digest is what counts.
    private static func single(_ image: ImageReference) -> String {
        image.digest.map { "\(image.name)@\($0)" } ?? image.description
    }
}

extension EngineError {
    /// Whether a registry that answers has nothing under the name.
    public var saysAbsent: Bool {
        let text = message.lowercased()
        return text.contains("manifest unknown") || text.contains("not found: manifest")
            || text.contains("name unknown")
    }
}

/// What a name stands for: an image, or several that it lists.
private struct ManifestAnswer: Decodable {
    struct Entry: Decodable {
        let digest: String?
        let platform: PlatformAnswer?

        var shown: String { platform?.configuration.platform ?? "" }
    }

    let manifests: [Entry]?
    let annotations: [String: String]?
}

private struct PlatformAnswer: Decodable {
    let os: String?
    let architecture: String?
    let variant: String?

    var configuration: ImageConfiguration {
        ImageConfiguration(operatingSystem: os, architecture: architecture, variant: variant)
    }

    /// Only words that a platform's name may have: a stranger wrote them.
    var options: [String] {
        let pairs = [("--override-os", os), ("--override-arch", architecture), ("--override-variant", variant)]
        return pairs.flatMap { option, value -> [String] in
            guard let value, value.wholeMatch(of: /[a-z0-9]+/) != nil else { return [] }
            return [option, value]
        }
    }
}
