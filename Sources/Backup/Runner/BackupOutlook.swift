package import HostSystem
package import Model

/// How the data of a plan that is not deployed yet would be saved, as far as this host knows its images.
package struct BackupOutlook {
    private let host: HostSystem
    private let deployed: DeployedState?
    private let stored: () async throws -> [StoredImage]

    /// `deployed`: what runs; `stored`: asks the engine for the images that it has.
    package init(
        host: HostSystem, deployed: DeployedState?, stored: @escaping () async throws -> [StoredImage]
    ) {
        self.host = host
        self.deployed = deployed
        self.stored = stored
    }

    /// `nil` for a plan without backups. Nothing is pulled: of an image that is not here, that is said.
    package func ways(of plan: ResolvedPlan) async throws -> [BackupWay]? {
        guard plan.backup != nil else { return nil }
        let stored: [StoredImage]
        do {
            stored = try await self.stored()
        } catch {
            let unknown = BackupWay.ImageLabels.unknown("the labels of its image may say how: \(error)")
            return BackupWay.all(of: plan, images: plan.containers.mapValues { _ in unknown })
        }
        var images: [String: BackupWay.ImageLabels] = [:]
        for name in plan.containers.keys {
            images[name] = await labels(of: Self.image(of: name, in: plan, deployed, stored), plan.image(of: name))
        }
        return BackupWay.all(of: plan, images: images)
    }

    private func labels(of id: String?, _ source: ImageSource?) async -> BackupWay.ImageLabels {
        if let id, let labels = try? await EngineLabels(host: host).labels(of: .image, id) {
            return .known(labels)
        }
        let name = if case .reference(let reference)? = source { "its image '\(reference)'" } else { "its image" }
        return .unknown("\(name) is not on this host yet, and may say how by its labels")
    }

    /// The id of the image that a container would run with what is on this host; what runs from the same place goes first.
    package static func image(
        of container: String, in plan: ResolvedPlan, _ deployed: DeployedState?, _ stored: [StoredImage]
    ) -> String? {
        let source = plan.image(of: container)
        if let deployed, deployed.desired.plan.image(of: container) == source,
            let running = deployed.images[container], stored.contains(where: { $0.id == running.id })
        {
            return running.id
        }
        switch source {
        case .reference(let reference):
            if let digest = reference.digest { return stored.first { $0.digest == digest }?.id }
            let name = reference.tag == nil ? "\(reference):latest" : "\(reference)"
            return stored.first { $0.names.contains(name) }?.id
        case .build(let context):
            let name = context.imageName(of: container, in: plan.stack)
            return stored.first { $0.names.contains(name) }?.id
        case .archive, nil: return nil
        }
    }
}
