internal import AsyncHTTPClient
internal import FoundationEssentials
public import Model

extension DockerEngine {
    /// A tag is always looked up in the registry; a digest that is present is taken as it is. An image of
    /// `localhost/…` is only looked up on this host. Where a signature is demanded, it is verified first, each time.
    public func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        try await brought(image, credentials) { image, action throws(EngineError) in
            try await pulled(image, credentials, action, progress)
        }
    }

    private func pulled(
        _ image: ImageReference, _ credentials: RegistryCredentials?, _ action: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        if let digest = image.digest, let present = try await self.image("\(image.name)@\(digest)", action) {
            return present.stored(digest: digest)
        }
        var route = Route(
            .post, "/images/create", ["fromImage": image.name, "tag": image.digest ?? image.tag ?? "latest"], action)
        if let credentials { route.headers.append(("X-Registry-Auth", Self.header(credentials))) }
        let digest: String
        do throws(EngineError) {
            digest = try await pulledDigest(route, progress)
        } catch {
            throw await error.ofPull(image, configuration).without(credentials)
        }
        // By its digest: the tag may already name what somebody else pulled since.
        guard let answer = try await self.image("\(image.name)@\(digest)", action) else {
            throw EngineError.unknownPull(action)
        }
        return answer.stored(digest: digest)
    }

    /// The manifest's digest, which the engine tells at the end of a pull.
    private func pulledDigest(
        _ route: Route, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> String {
        try await transport.lines(route) { lines in
            var digest: String?
            // Each layer tells how far it is many times a second; people see a state once.
            var told: [String: String] = [:]
            for try await line in lines {
                let line = try JSONDecoder().decode(ProgressLine.self, from: Data(line))
                if let problem = line.error { throw EngineError(status: nil, said: problem, route.action) }
                guard let status = line.status else { continue }
                digest = status.strippingPrefix("Digest: ") ?? digest
                guard told.updateValue(status, forKey: line.id ?? "") != status else { continue }
                progress(Self.shortened(line.id.map { "\($0): \(status)" } ?? status))
            }
            guard let digest else {
                throw EngineError.endedEarly(route.action)
            }
            return digest
        }
    }
}
