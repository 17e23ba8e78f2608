internal import Model

extension DeploymentRun {
    /// Brings the image of every replaced container; equal images are brought once.
    func acquireImages(tree: String?) async throws -> [String: StoredImage] {
        let wanted = targets.sorted().compactMap { name in plan.image(of: name).map { (name, $0) } }
        let users = Dictionary(grouping: wanted, by: \.1).mapValues { $0.map(\.0) }
        let supply = ImageAcquisition(
            run: self, tree: tree, stable: try await ports.ledger.imagesOnStableStorage(),
            stored: try await ports.images.images())
        let sources = users.keys.sorted { (users[$0]?.first ?? "") < (users[$1]?.first ?? "") }
        // All of them first: a build would lose the image that it starts from.
        for source in sources { try await supply.dropSuspects(of: source, for: users[source]?.first ?? "") }
        let images = try await inParallel(sources, limit: options.parallelism) { source in
            try preemption.check()
            let brought = try await supply.bring(source, for: users[source]?.first ?? "")
            let examined = try await ImageExamination(run: self).examined(brought, for: users[source] ?? [])
            for (name, image) in examined.sorted(by: { $0.key < $1.key }) {
                try await record(.imageReady, name, image: image)
            }
            return examined
        }
        let kept = request.replacing == nil ? [:] : (request.previous?.state.images ?? [:])
        return images.reduce(kept) { $0.merging($1) { $1 } }
    }
}

/// Brings single images, from the place that the plan names.
struct ImageAcquisition: Sendable {
    let run: DeploymentRun
    let tree: String?
    /// Ids of images that survived being synced.
    let stable: Set<String>
    /// What the engine holds now.
    let stored: [StoredImage]

    func bring(_ source: ImageSource, for container: String) async throws -> StoredImage {
        if let known = try known(source, container) {
            try tellOfUnsigned(known, source, container)
            return known
        }
        let progress: @Sendable (String) -> Void = {
            run.ports.observer.deployment(.progress(container: container, text: $0))
        }
        switch source {
        case .reference(let reference): return try await pull(reference, for: container, progress)
        case .archive(let archive): return try await run.ports.images.load(archive, progress: progress)
        case .build(let context): return try await build(context, for: container, progress)
        }
    }

    /// An image of this very source that was brought before and is safely stored.
    private func known(_ source: ImageSource, _ container: String) throws -> StoredImage? {
        if let image = run.request.knownImages[container], isTrusted(image), try mayRunAgain(image, source) {
            return image
        }
        guard case .archive = source, run.request.previous?.state.desired.plan.image(of: container) == source,
            let image = run.request.previous?.state.images[container], isTrusted(image)
        else { return nil }
        return image
    }

    private func isTrusted(_ image: StoredImage) -> Bool {
        stable.contains(image.id) && stored.contains { $0.id == image.id }
    }

    private func pull(
        _ reference: ImageReference, for container: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        if reference.registry == "localhost" { return try local(reference, for: container, among: stored) }
        // What was verified when it was brought needs no registry; another digest cannot have come meanwhile.
        if reference.digest != nil, try run.ports.signatures.demandsSignature(of: reference),
            let image = try deployedImage(of: reference, container)
        {
            return image
        }
        let credentials = try credentials(for: reference)
        if let proven = proven(reference, container),
            let image = try? await run.ports.images.pull(proven, credentials: credentials, progress: progress)
        {
            return image
        }
        do {
            return try await run.ports.images.pull(reference, credentials: credentials, progress: progress)
        } catch {
            guard error.mayPass, let fallback = try deployedImage(of: reference, container)
            else { throw error }
            run.ports.observer.deployment(
                .note("\(container): the registry cannot be asked, the stored image is used: \(error)"))
            return fallback
        }
    }

    /// A plan that ran before is started with the content that it ran with, whatever its tag names by now.
    private func proven(_ reference: ImageReference, _ container: String) -> ImageReference? {
        guard run.request.trigger.purpose.startsWhatRan, reference.digest == nil,
            let digest = run.request.knownImages[container]?.digest
        else { return nil }
        return ImageReference("\(reference)@\(digest)")
    }

    /// The image that runs now under the same reference.
    private func deployedImage(of reference: ImageReference, _ container: String) throws -> StoredImage? {
        guard let state = run.request.previous?.state,
            state.desired.plan.image(of: container) == .reference(reference), let image = state.images[container],
            isTrusted(image), try run.ports.signatures.vouches(for: image, as: reference)
        else { return nil }
        return image
    }

    func local(
        _ reference: ImageReference, for container: String, among stored: [StoredImage]
    ) throws -> StoredImage {
        guard let image = stored.first(where: { $0.names.contains(reference.description) }) else {
            throw DeploymentError(
                "image '\(reference)' of container '\(container)' is not on this host",
                hint: "build or load it, or name a registry instead of 'localhost'", disposition: .transient)
        }
        return image
    }

    /// After a power cut an image may be listed while its layers are empty, and a pull would keep those layers.
    func dropSuspects(of source: ImageSource, for container: String) async throws {
        guard run.request.distrustsStoredImages, case .reference(let reference) = source,
            reference.registry != "localhost", try known(source, container) == nil
        else { return }
        for image in stored where image.names.contains(reference.description) && !stable.contains(image.id) {
            run.ports.observer.deployment(
                .note("'\(reference)' may have been damaged when the host went down; it is pulled again"))
            try await run.ports.images.removeImage(image.id, force: true)
        }
    }

    private func build(
        _ context: BuildContext, for container: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        let tag = context.imageName(of: container, in: run.plan.stack)
        if let image = stored.first(where: { $0.names.contains(tag) }), isTrusted(image) { return image }
        let build = ImageBuild(
            directory: "\(tree ?? "")/\(context.path)", tag: tag,
            labels: [FairleadLabel.stack: run.plan.stack, FairleadLabel.commit: run.request.commit.hex]
        ) { try await base($0, for: container, progress) }
        return try await run.ports.images.build(build, progress: progress)
    }

    func credentials(for reference: ImageReference) throws -> RegistryCredentials? {
        guard let login = run.plan.registries[reference.registry] else { return nil }
        let secrets = run.request.secrets
        guard let username = login.username.value(with: secrets), let password = login.password.value(with: secrets)
        else {
            let references = login.username.references + login.password.references
            throw DeploymentError.missingSecret(
                references.first { secrets[$0] == nil } ?? "", of: "registries/\(reference.registry)")
        }
        return RegistryCredentials(username: username, password: password)
    }
}
