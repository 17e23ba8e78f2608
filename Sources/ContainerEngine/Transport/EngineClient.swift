internal import Model
internal import NIOHTTP1

/// What the adapters of both engines share: where their APIs have the same calls.
protocol EngineClient: Sendable {
    var configuration: EngineConfiguration { get }
    var transport: Transport { get }

    /// Who answered with `headers`; `nil` where it is no engine of this kind.
    static func peer(_ headers: HTTPHeaders, socket: String) throws(EngineError) -> Transport.Peer?
    /// Ends what stays beside a command that was run through the API and has ended.
    func dismissMonitor(ofCommand exec: String) async

    /// Every image of the engine.
    func images() async throws(EngineError) -> [StoredImage]
    /// The names, or ids, of the images that a load brought.
    func loadedNames(_ answer: Answer, _ action: String) throws(EngineError) -> [String]
}

extension EngineClient {
    /// `nil` when there is no such image.
    func image(_ name: String, _ action: String) async throws(EngineError) -> ImageAnswer? {
        let answer = try await transport.call(
            Route(.get, "/images/\(Route.encoded(name))/json", action), accepting: [404])
        return answer.status == 404 ? nil : try answer.decoded(ImageAnswer.self, action)
    }

    /// An image of `localhost/…` is only looked up on this host.
    func local(_ image: ImageReference, _ action: String) async throws(EngineError) -> StoredImage {
        if let answer = try await self.image(image.description, action) { return answer.stored(digest: nil) }
        throw EngineError(
            .refused(status: 404), "cannot \(action): there is no such image on this host",
            hint: "'localhost/…' is never pulled; build or load it first, or name its registry")
    }

    func version(of product: EngineProduct) async throws(EngineError) -> EngineVersion {
        EngineVersion(product: product, version: try await transport.peer().version)
    }
}
