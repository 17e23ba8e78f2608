internal import Model

/// What every container knows of itself (C7), unless its plan says otherwise.
struct StandardEnvironment {
    let plan: ResolvedPlan
    let container: String
    let image: StoredImage

    var variables: [String: String] {
        var variables = [
            "FAIRLEAD_STACK": plan.stack, "FAIRLEAD_VERSION": plan.version, "FAIRLEAD_HOST": plan.host,
            "FAIRLEAD_CONTAINER": container, "FAIRLEAD_IMAGE": imageName,
            // What was loaded or built has no digest of a registry; its id names its content too.
            "FAIRLEAD_IMAGE_DIGEST": image.digest ?? image.id,
        ]
        variables["FAIRLEAD_APP"] = image.facts?.metadata?.title
        variables["FAIRLEAD_APP_VERSION"] = image.facts?.metadata?.version
        variables["TZ"] = plan.hostSettings?.timezone
        return variables.merging(plainNames) { own, _ in own }
    }

    /// Without Fairlead's prefix programs may have a meaning of their own for them: where the image sets one, it stays. Of an
    /// image of which an older Fairlead saved nothing that is not known.
    private var plainNames: [String: String] {
        guard let metadata = image.facts?.metadata else { return [:] }
        let reference = ImageReference(imageName)
        var variables: [String: String] = [:]
        variables["IMAGE_NAME"] = reference?.name ?? imageName
        variables["IMAGE_VERSION"] = reference?.tag
        variables["APP_NAME"] = metadata.title
        variables["APP_VERSION"] = metadata.version
        return variables.filter { !metadata.own.contains($0.key) }
    }

    /// As the plan has it; of an archive or a build the name that it is stored under.
    private var imageName: String {
        if case .reference(let reference) = plan.image(of: container) { return "\(reference)" }
        return image.names.min() ?? image.id
    }
}
