/// Labels of an image by which Fairlead goes.
package enum ImageLabel {
    static let prefix = "io.fairlead."

    /// Of how data is saved, without the prefix.
    static let backup = ["backup.mode", "backup.engine", "backup.dump", "backup.target", "restore.load"]

    /// Builds have Fairlead's own, and an image that was made of a container has those of that.
    private static let others = ["backup.exclude", "stack", "container", "commit", "deployment", "subnet", "drill"]

    private static let said = backup + ImageLabel.Key.allCases.map(\.rawValue)

    /// Those of `labels` with Fairlead's prefix that mean nothing to it, each with the one that was probably meant.
    package static func unknown(among labels: [String: String]) -> [(name: String, meant: String?)] {
        let names = labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return names.filter { !said.contains($0) && !others.contains($0) }.sorted().map { name in
            (prefix + name, Suggestion.closest(to: name, among: said).map { prefix + $0 })
        }
    }

    /// A key of a container that an image can say.
    package enum Key: String, CaseIterable, Sendable {
        case health, liveness

        package var label: String { prefix + rawValue }
    }
}

extension ContainerPlan {
    /// Whether an image can say it. `"health": "none"` leaves all of its checks out.
    package func leavesOpen(_ key: ImageLabel.Key) -> Bool {
        switch key {
        case .health: health == nil
        case .liveness: liveness == nil && health?.check != .off
        }
    }
}

extension ImageFacts {
    /// What of the keys of `container` it fills, in words.
    public func values(for container: ContainerPlan) -> [(key: String, words: String)] {
        values.filter { container.leavesOpen($0.key) }.map { ($0.key.rawValue, $0.words) }
    }

    /// Of facts that are saved with a deployment: its plan left these open.
    public var savedValues: [(key: String, words: String)] { values.map { ($0.key.rawValue, $0.words) } }

    private var values: [(key: ImageLabel.Key, words: String)] {
        ImageLabel.Key.allCases.compactMap { key in words(of: key).map { (key, $0) } }
    }

    private func words(of key: ImageLabel.Key) -> String? {
        switch key {
        case .health: health?.words
        case .liveness: liveness?.words
        }
    }
}
