internal import Journal
internal import Model

/// Volumes of the images that run which the plan does not mount: what a service writes there goes with its container.
struct ImageVolumeCheck {
    let host: HostComposition

    func checks() async -> [HostCheck] {
        guard let journal = try? Journal.openReadOnly(at: host.configuration.journalFile),
            let deployed = try? await journal.deployedState()
        else { return [] }
        let plan = deployed.desired.plan
        return plan.containers.sorted { $0.key < $1.key }.flatMap { name, container in
            (deployed.images[name]?.facts?.unmountedVolumes(in: container) ?? []).map { path in
                .warn(
                    "image volumes",
                    "the image of container '\(name)' declares a volume at '\(path)', which the plan does not mount"
                        .printable,
                    "what is written there goes with the container: add \(plan.volumeLine(for: name, at: path)) to 'volumes'"
                        .printable, "where nothing of it has to be kept: \"tmpfs\": [\"\(path)\"]".printable)
            }
        }
    }
}
