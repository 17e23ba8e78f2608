internal import Model

/// How a container of a plan uses one of its data directories.
struct DataMount {
    let container: String
    let target: String
    /// Without version; `nil` for what is built or loaded.
    let image: String?
    /// Of the volume in the merged plan.
    let pointer: String
    let startEmpty: Bool

    /// Serves the same container at the same place.
    func replaces(_ other: Self) -> Bool { container == other.container && target == other.target }

    /// Has its container, its place or its software in common.
    func resembles(_ other: Self) -> Bool {
        container == other.container || target == other.target || image != nil && image == other.image
    }
}

extension ResolvedPlan {
    /// By the name of the data directory; each by container.
    var dataMounts: [String: [DataMount]] {
        var mounts: [String: [DataMount]] = [:]
        for (name, container) in containers.sorted(by: { $0.key < $1.key }) {
            var image: String?
            if case .reference(let reference)? = self.image(of: name) { image = reference.name }
            for (index, volume) in container.volumes.enumerated() {
                guard case .data(let data) = volume.source else { continue }
                mounts[data, default: []].append(
                    DataMount(
                        container: name, target: volume.target, image: image,
                        pointer: JSONPointer.child(name, of: "/containers") + "/volumes/\(index)",
                        startEmpty: volume.startEmpty ?? false))
            }
        }
        return mounts
    }
}
