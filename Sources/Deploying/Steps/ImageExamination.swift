internal import Planning

/// Step 1's look at what images say of themselves: what could not be started is refused while the stack runs.
struct ImageExamination: Sendable {
    let run: DeploymentRun

    /// `image` by container, with what that one goes by; throws what would keep one of `containers` from starting.
    func examined(_ image: StoredImage, for containers: [String]) async throws -> [String: StoredImage] {
        let configuration = keepsWhatWasKnown ? nil : try await run.ports.imageInsight.configuration(ofImage: image.id)
        var images: [String: StoredImage] = [:]
        for name in containers {
            var own = image
            own.facts = try facts(configuration, of: name)
            images[name] = own
        }
        return images
    }

    /// What ran before is started as it ran.
    private var keepsWhatWasKnown: Bool { run.request.restarts || run.request.trigger == .rollBack }

    private func facts(_ configuration: ImageConfiguration?, of name: String) throws -> ImageFacts? {
        if keepsWhatWasKnown { return run.request.knownImages[name]?.facts }
        guard let configuration, let check = ImageCheck(configuration, of: name, in: run.plan) else { return nil }
        if let obstacle = check.obstacle(on: run.options.platform()) { throw error(obstacle, name) }
        for note in check.notes { run.ports.observer.deployment(.note(note)) }
        return check.facts
    }

    /// Under a tag a better one may come at any time, as the next try finds out.
    private func error(_ obstacle: ImageCheck.Obstacle, _ name: String) -> DeploymentError {
        var mayChange = false
        if case .reference(let reference) = run.plan.image(of: name) { mayChange = reference.digest == nil }
        return DeploymentError(
            obstacle.message, hint: obstacle.hint, disposition: mayChange ? .transient : .permanent, lasts: mayChange)
    }
}
