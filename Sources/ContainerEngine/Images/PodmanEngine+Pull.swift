internal import AsyncHTTPClient
internal import FoundationEssentials
public import Model

extension PodmanEngine {
    /// A tag is always looked up in the registry; a digest that is present is taken as it is. An image of
    /// `localhost/…` is only looked up on this host. Where a signature is demanded, it is verified first, each time.
    public func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        try await brought(image, credentials) { image, action throws(EngineError) in
            try await pulledWhole(image, credentials, action, progress)
        }
    }

    private func pulledWhole(
        _ image: ImageReference, _ credentials: RegistryCredentials?, _ action: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        do throws(EngineError) {
            return try await pulled(image, credentials, action, progress)
        } catch {
            guard error.isPanic else { throw error }
            // What a power cut left of an image can be neither inspected nor repaired by a pull: dropped, it comes anew.
            try await drop(image, action)
            return try await pulled(image, credentials, action, progress)
        }
    }

    /// By its name, and not while a container uses it.
    private func drop(_ image: ImageReference, _ action: String) async throws(EngineError) {
        try await transport.call(
            Route(.delete, "/images/\(Route.encoded(image.description))", action), accepting: [404, 409],
            deadline: configuration.callDeadline * 4)
    }

    private func pulled(
        _ image: ImageReference, _ credentials: RegistryCredentials?, _ action: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> StoredImage {
        // The engine refuses a reference with both; the digest says all.
        let reference = image.digest.map { "\(image.name)@\($0)" } ?? image.description
        var route = Route(
            .post, "/images/pull",
            ["reference": reference, "policy": image.digest == nil ? "always" : "missing", "quiet": "false"], action)
        if let credentials { route.headers.append(("X-Registry-Auth", Self.header(credentials))) }
        let id: String
        do throws(EngineError) {
            id = try await pulledID(route, progress)
        } catch {
            throw await error.ofPull(image, configuration).without(credentials)
        }
        guard let answer = try await self.image(id, action) else {
            throw EngineError.unknownPull(action)
        }
        return answer.stored(digest: image.digest ?? answer.digest(under: image.name))
    }

    private func pulledID(
        _ route: Route, _ progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> String {
        try await transport.lines(route) { lines in
            var id: String?
            for try await line in lines {
                let line = try JSONDecoder().decode(ProgressLine.self, from: Data(line))
                if let problem = line.error { throw EngineError(status: nil, said: problem, route.action) }
                if let text = line.stream { progress(Self.shortened(text)) }
                id = line.id ?? id
            }
            guard let id, !id.isEmpty else {
                throw EngineError.endedEarly(route.action)
            }
            return id
        }
    }
}

extension EngineClient {
    /// As the API takes them: JSON in base64 for URLs.
    static func header(_ credentials: RegistryCredentials) -> String {
        let fields = ["username": credentials.username, "password": credentials.password]
        return ((try? JSONEncoder().encode(fields)) ?? Data()).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }

    /// One line, digests as people write them.
    static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.replacing(#/(?:sha256:)?(?<head>[0-9a-f]{12})[0-9a-f]{52}/#) { String($0.output.head) }
    }
}

extension EngineError {
    static func unknownPull(_ action: String) -> EngineError {
        EngineError(.malformed, "cannot \(action): the engine does not know what it pulled", disposition: .transient)
    }

    static func endedEarly(_ action: String) -> EngineError {
        EngineError(
            .malformed, "cannot \(action): the engine's answer ended early", hint: "it will be tried again",
            disposition: .transient)
    }

    /// With the password blotted out, should a registry have repeated it, as it is or in the header that it came in.
    func without(_ credentials: RegistryCredentials?) -> EngineError {
        guard let credentials else { return self }
        let redaction = Redaction([(credentials.password, "***")])
        return EngineError(
            reason, redaction.applied(to: message), hint: redaction.applied(to: hint), disposition: disposition)
    }
}
