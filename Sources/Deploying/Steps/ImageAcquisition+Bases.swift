internal import Model

extension ImageAcquisition {
    /// Brings an image that a build starts from: the stored one, else the registry's, with the plan's login. The build
    /// itself gets no login.
    func base(
        _ name: String, for container: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        // Not what was there at the beginning: a suspect was dropped since, or another build brought it.
        let stored = try await run.ports.images.images()
        let reference = try Self.reference(name, for: container, among: stored)
        guard reference.registry == "localhost" || run.options.policy.images.accepts(base: reference) else {
            throw DeploymentError(
                "the build of '\(container)' starts from '\(reference)', whose registry is not allowed on this VSN",
                hint: "start from another image, or add it to 'policy.images.buildBases' in the VSN's configuration",
                disposition: .permanent)
        }
        if reference.registry == "localhost" { return try local(reference, for: container, among: stored) }
        if reference.digest == nil, try !run.ports.signatures.demandsSignature(of: reference),
            let image = stored.first(where: { $0.names.contains(reference.description) })
        {
            return image
        }
        return try await run.ports.images.pull(
            reference, credentials: try credentials(for: reference), progress: progress)
    }

    /// A name without a registry is looked for on this host, and then where Docker would look.
    private static func reference(
        _ name: String, for container: String, among stored: [StoredImage]
    ) throws -> ImageReference {
        let places = [name, "localhost/\(name)", "docker.io/\(name.contains("/") ? name : "library/\(name)")"]
        let candidates = places.compactMap { ImageReference($0).map(tagged) }
        let local = candidates.first { candidate in stored.contains { $0.names.contains(candidate.description) } }
        let isLocal = name.hasPrefix("localhost/")
        guard let reference = local ?? candidates.first(where: { isLocal || $0.registry != "localhost" }) else {
            throw DeploymentError(
                "cannot tell which image '\(name)' is, which the build of '\(container)' starts from",
                hint: "write it with its registry, such as 'registry.example.com/acme/base:1'", disposition: .permanent)
        }
        return reference
    }

    private static func tagged(_ reference: ImageReference) -> ImageReference {
        guard reference.tag == nil, reference.digest == nil else { return reference }
        return ImageReference("\(reference):latest") ?? reference
    }
}
