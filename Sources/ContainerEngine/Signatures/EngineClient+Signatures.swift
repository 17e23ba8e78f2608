internal import Model

extension EngineClient {
    /// Brings `image` by `pulled`, which gets what to call it in errors. An image of `localhost/…` is only looked up on this
    /// host.
    func brought(
        _ image: ImageReference, _ credentials: RegistryCredentials?,
        by pulled: (ImageReference, String) async throws(EngineError) -> StoredImage
    ) async throws(EngineError) -> StoredImage {
        let action = "pull '\(image)'"
        if image.registry == "localhost" { return try await local(image, action) }
        return try await verified(image, credentials) { image throws(EngineError) in try await pulled(image, action) }
    }

    /// Brings `image` by `pull`, after its signature was verified where this host demands one: then exactly what was signed,
    /// whatever the tag names by now, and whether or not it lay on this host before.
    func verified(
        _ image: ImageReference, _ credentials: RegistryCredentials?,
        _ pull: (ImageReference) async throws(EngineError) -> StoredImage
    ) async throws(EngineError) -> StoredImage {
        guard let demand = try configuration.imageKeys.demand(for: image) else { return try await pull(image) }
        let check = SignatureCheck(image: image, demand: demand, configuration: configuration)
        let proof = try await check.proof(credentials)
        guard let exact = ImageReference("\(image.name)@\(proof.digest)") else {
            throw EngineError(.malformed, "cannot pull '\(image)': its digest '\(proof.digest)' is none")
        }
        var stored = try await pull(exact)
        if image.digest == nil { stored.names = try await naming(stored, image) }
        stored.signature = proof.signature
        return stored
    }

    /// By its digest alone it would be an image without a name. Returns its names.
    private func naming(_ stored: StoredImage, _ image: ImageReference) async throws(EngineError) -> [String] {
        let tag = image.tag ?? "latest"
        try await transport.call(
            Route(
                .post, "/images/\(Route.encoded(stored.id))/tag", ["repo": image.name, "tag": tag],
                "name image '\(image)'"))
        return [image.name + ":" + tag] + stored.names.filter { $0 != image.name + ":" + tag }
    }
}
