internal import Model

extension DeploymentRun {
    /// The host went down, or the stack did without anybody's doing.
    var mayHaveDamagedImages: Bool {
        request.replacing == nil && (request.distrustsStoredImages || request.trigger.purpose.startsSavedPlan)
    }

    /// Those that the engine cannot read any more. Reading takes seconds, so only a stack that does not start is worth it.
    func damagedImages(of prepared: PreparedStack) async -> [StoredImage] {
        var damaged: [StoredImage] = []
        for image in Set(prepared.images.values).sorted(by: { $0.id < $1.id }) {
            // One that cannot be told keeps the benefit of the doubt: it may be the only copy.
            let isIntact = (try? await ports.images.isIntact(image.id)) ?? true
            if !isIntact { damaged.append(image) }
        }
        return damaged
    }

    func drop(_ damaged: [StoredImage]) async throws {
        for image in damaged {
            ports.observer.deployment(
                .note("image '\(image.names.first ?? image.id)' is damaged; it is brought again"))
            try await ports.images.removeImage(image.id, force: true)
        }
        try await ports.ledger.forgetImages(Set(damaged.map(\.id)))
    }
}
