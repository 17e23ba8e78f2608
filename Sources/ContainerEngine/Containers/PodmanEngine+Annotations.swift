internal import Model

extension PodmanEngine {
    /// Podman writes these itself on each container, over the image's.
    private static let own: Set<String> = [
        "io.podman.annotations.autoremove", "io.podman.annotations.init", "io.podman.annotations.privileged",
        "io.podman.annotations.publish-all", "io.kubernetes.cri-o.TTY", "io.container.manager",
    ]

    /// Removes a container that was created with annotations of its image which the policy does not allow.
    ///
    /// Step 1 of a deployment reads them of the image. The same image can come again with others, since its id counts its
    /// configuration only, and a repair or a roll back would start it with those.
    func refuseOrders(of spec: ContainerSpec, in id: String) async throws(EngineError) {
        do throws(EngineError) {
            let names = configuration.policy.refusedAnnotations(try await annotations(of: id))
            guard !names.isEmpty else { return }
            let image = try await readConfiguration(ofImage: spec.image)?.annotations ?? Set(names)
            guard let reason = configuration.policy.obstacle(ofAnnotations: names.filter(image.contains), on: spec.name)
            else { return }
            throw EngineError(.refused(status: nil), reason.message, hint: reason.hint, disposition: .permanent)
        } catch {
            try? await removeContainer(id)
            throw error
        }
    }

    private func annotations(of id: String) async throws(EngineError) -> [String] {
        let action = "look at container '\(id)'"
        let answer = try await transport.call(Route(.get, "/containers/\(Route.encoded(id))/json", action))
        let found = try answer.decoded(InspectedContainer.self, action).config?.annotations ?? [:]
        return found.keys.filter { !Self.own.contains($0) }
    }
}
